"""Campaigns, video, the website, e-mail and the brand."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import MONEY, Template

DOWN, BETWEEN = Direction.DECREASE, Direction.BETWEEN
MEAN, MAX = Aggregation.MEAN, Aggregation.MAX
WEEKLY, QUARTERLY = Frequency.WEEKLY, Frequency.QUARTERLY

amount = partial(Template, category="marketing", unit=MONEY)
price = partial(Template, category="marketing", unit=MONEY, decimals=2, direction=DOWN, aggregation=MEAN)
share = partial(Template, category="marketing", unit="percent", decimals=1, aggregation=MEAN)
count = partial(Template, category="marketing", unit="number")
metric = partial(count, kind="metric", frequency=WEEKLY)
cost = partial(amount, kind="metric", direction=DOWN, frequency=WEEKLY)

CAMPAIGNS: Final = (
    metric(
        "impressions",
        "Ad impressions",
        "How often ads were served. Served is not seen: see the viewability rate.",
        also="views of ads",
    ),
    metric("ad_clicks", "Ad clicks", "Clicks on ads, without those the platform has filtered out as invalid."),
    cost("ad_spend", "Ad spend", "What was paid for serving ads, without agencies, tools and wages."),
    metric(
        "campaign_conversions",
        "Campaign conversions",
        "Purchases or sign-ups credited to campaigns. Platforms credit generously, and two may claim the same one: "
        "keep to one rule.",
        also="acquisitions",
    ),
    amount(
        "attributed_revenue",
        "Revenue credited to ads",
        "Revenue that the rule of attribution credits to ads. Some of it would have come anyway.",
        kind="metric",
        frequency=WEEKLY,
    ),
    share(
        "click_through_rate",
        "Click-through rate (CTR)",
        "Of all times an ad was served, the share clicked: whether it interests those who see it. Clicks without sales "
        "are cheap to get.",
        decimals=2,
        frequency=WEEKLY,
        formula="ad_clicks / impressions",
        moves=("return_on_ad_spend", "cost_per_acquisition"),
    ),
    price(
        "cost_per_mille",
        "Cost per mille (CPM)",
        "What serving an ad a thousand times costs. Cheap places are often those nobody looks at.",
        frequency=WEEKLY,
        formula="ad_spend / impressions * 1000",
        also="cost per thousand impressions",
    ),
    price(
        "cost_per_click",
        "Cost per click (CPC)",
        "What one click on an ad costs. It tells nothing about what the visitor does next.",
        frequency=WEEKLY,
        formula="ad_spend / ad_clicks",
    ),
    share(
        "campaign_conversion_rate",
        "Campaign conversion rate",
        "Of all clicks on ads, the share that ended in a purchase or sign-up. Conversions may come days after the "
        "click, so the last week looks too low.",
        decimals=2,
        frequency=WEEKLY,
        formula="campaign_conversions / ad_clicks",
    ),
    price(
        "cost_per_acquisition",
        "Cost per acquisition (CPA)",
        "What ads cost for each purchase or sign-up credited to them. It leaves out wages and tools, unlike the "
        "customer acquisition cost.",
        formula="ad_spend / campaign_conversions",
        also="cost per action",
    ),
    Template(
        "return_on_ad_spend",
        "Return on ad spend (ROAS)",
        "The revenue credited to ads for each unit of money spent on them. It is revenue, not profit, and only as true "
        "as the attribution.",
        "ratio",
        "marketing",
        decimals=2,
        aggregation=MEAN,
        formula="attributed_revenue / ad_spend",
        target_hint="Ads pay for themselves above 1 divided by the gross margin: at a margin of 40 %, above 2.5.",
    ),
    share(
        "viewability_rate",
        "Viewability rate",
        "Of the impressions that could be measured, the share that could be seen: half of the ad for one second, for "
        "video two. Compare numbers of one measurer only.",
        frequency=WEEKLY,
        moves=("return_on_ad_spend",),
    ),
    metric(
        "ad_reach",
        "People reached",
        "Different people who were served an ad in the period. Reach of several periods cannot be added up: the same "
        "people are in both.",
        aggregation=MAX,
        frequency=Frequency.MONTHLY,
        also="unique reach",
    ),
    Template(
        "ad_frequency",
        "Ad frequency",
        "How often a person who was reached was served an ad in the period. Too seldom is forgotten, too often annoys.",
        "ratio",
        "marketing",
        decimals=1,
        direction=BETWEEN,
        aggregation=MEAN,
        formula="impressions / ad_reach",
    ),
    metric(
        "engagements",
        "Engagements",
        "Likes, comments, shares, saves and clicks on posts.",
        also="interactions, social media",
    ),
    metric("post_impressions", "Post impressions", "How often posts were shown, paid or not.", also="social media"),
    share(
        "engagement_rate",
        "Engagement rate",
        "Of all times a post was shown, the share to which somebody reacted. Others divide by followers or by reach, "
        "so compare like with like.",
        decimals=2,
        frequency=WEEKLY,
        formula="engagements / post_impressions",
        moves=("brand_awareness",),
        also="social media",
    ),
)

VIDEO: Final = (
    metric("video_impressions", "Video ad impressions", "How often a video ad was served, started or not."),
    metric(
        "video_starts",
        "Video starts",
        "How often a video began to play. Starts without a click count too.",
        also="plays",
    ),
    metric(
        "completed_video_views",
        "Completed video views",
        "How often a video was watched to its end.",
        also="completions",
    ),
    cost("video_ad_spend", "Video ad spend", "What was paid for serving video ads."),
    Template(
        "video_watch_time",
        "Video watch time",
        "All the time people spent watching, added up. Long videos collect more of it without being better.",
        "duration:s",
        "marketing",
        kind="metric",
        frequency=WEEKLY,
    ),
    share(
        "view_through_rate",
        "View-through rate (VTR)",
        "Of all times a video ad was served, the share watched to the end. Some platforms count a view after seconds, "
        "and view-through conversions are another thing.",
        frequency=WEEKLY,
        formula="completed_video_views / video_impressions",
        moves=("brand_awareness", "return_on_ad_spend"),
    ),
    share(
        "video_completion_rate",
        "Video completion rate (VCR)",
        "Of all videos that began to play, the share watched to the end. Ads that cannot be skipped always look good.",
        frequency=WEEKLY,
        formula="completed_video_views / video_starts",
        moves=("brand_awareness",),
    ),
    Template(
        "average_watch_time",
        "Average watch time",
        "How long a video is watched each time it starts. Compare videos of similar length.",
        "duration:s",
        "marketing",
        aggregation=MEAN,
        frequency=WEEKLY,
        formula="video_watch_time / video_starts",
        moves=("brand_awareness",),
        also="average view duration",
    ),
    price(
        "cost_per_completed_view",
        "Cost per completed view (CPCV)",
        "What one video ad watched to the end costs. Platforms that charge for a view after seconds report less.",
        frequency=WEEKLY,
        formula="video_ad_spend / completed_video_views",
        also="cost per view, CPV",
    ),
)

SITE_AND_MAIL: Final = (
    metric(
        "visits", "Visits", "Visits to the shop or the website, without robots and staff.", also="sessions, traffic"
    ),
    metric("bounced_visits", "Bounced visits", "Visits that left again without doing anything."),
    metric(
        "organic_visits", "Visits from unpaid search", "Visits that came from search engines without an ad.", also="SEO"
    ),
    share(
        "bounce_rate",
        "Bounce rate",
        "Of all visits, the share that left without doing anything. A page that answers the question at once is left "
        "too, so tools differ on what counts.",
        direction=DOWN,
        frequency=WEEKLY,
        formula="bounced_visits / visits",
        moves=("conversion_rate",),
    ),
    share(
        "organic_visits_share",
        "Share of visits from unpaid search",
        "How much of the traffic need not be paid for. The share also rises when other sources dry up.",
        frequency=WEEKLY,
        formula="organic_visits / visits",
        moves=("customer_acquisition_cost",),
    ),
    metric("emails_delivered", "E-mails delivered", "Letters sent to subscribers that did not come back."),
    metric("emails_clicked", "E-mails clicked", "Letters in which at least one link was clicked, each counted once."),
    metric(
        "unsubscribes",
        "Unsubscribes",
        "Subscribers who asked to get no more letters, or called them spam.",
        direction=DOWN,
    ),
    share(
        "email_click_rate",
        "E-mail click rate",
        "Of all letters delivered, the share in which a link was clicked. Opens are a poor guide: mail programs open "
        "letters by themselves.",
        frequency=WEEKLY,
        formula="emails_clicked / emails_delivered",
        moves=("conversion_rate",),
    ),
    share(
        "unsubscribe_rate",
        "Unsubscribe rate",
        "Of all letters delivered, the share that made somebody leave the list: too many letters, or the wrong ones.",
        decimals=2,
        direction=DOWN,
        formula="unsubscribes / emails_delivered",
    ),
)

DEMAND: Final = (
    count(
        "leads",
        "Leads",
        "People or companies that left an address because something interested them. Buying lists makes the number "
        "grow and sales not.",
        frequency=WEEKLY,
        moves=("new_customers", "revenue"),
        also="enquiries, prospects",
    ),
    count(
        "qualified_leads",
        "Marketing qualified leads (MQL)",
        "Leads that fit and are interested enough to be handed to sales. It only helps if sales agrees with what "
        "counts.",
        frequency=WEEKLY,
        moves=("deals_won_value", "new_customers"),
    ),
    share(
        "lead_qualification_rate",
        "Lead qualification rate",
        "Of all leads, the share good enough to be handed to sales: whether marketing reaches the right people.",
        formula="qualified_leads / leads",
        moves=("win_rate",),
    ),
    amount(
        "marketing_spend",
        "Marketing spend",
        "Everything marketing costs: ads, agencies, tools, events and wages.",
        kind="metric",
        direction=DOWN,
    ),
    price(
        "cost_per_lead",
        "Cost per lead (CPL)",
        "What marketing costs for each lead. Cheap leads that never buy are dear.",
        formula="marketing_spend / leads",
    ),
    share(
        "lead_to_customer_rate",
        "Lead-to-customer rate",
        "New customers for each lead of the period. Where deciding takes months, the leads of today are not the "
        "customers of today.",
        formula="new_customers / leads",
    ),
    share(
        "marketing_spend_share",
        "Marketing spend as a share of revenue",
        "How much of revenue goes into getting more of it. A budget to keep to, neither good nor bad by itself.",
        direction=BETWEEN,
        formula="marketing_spend / revenue",
    ),
    share(
        "brand_awareness",
        "Brand awareness",
        "Of those you want to reach, the share that knows the brand, asked in a survey. Naming it unaided and "
        "recognising it are two different numbers.",
        level="strategic",
        aggregation=Aggregation.LAST,
        frequency=QUARTERLY,
        carry_forward=3,
    ),
    share(
        "share_of_voice",
        "Share of voice",
        "The brand’s share of all ads or mentions in its market. Loud is not liked: mentions of a scandal count too.",
        frequency=QUARTERLY,
        moves=("brand_awareness",),
    ),
)

TEMPLATES: Final = (*CAMPAIGNS, *VIDEO, *SITE_AND_MAIL, *DEMAND)
