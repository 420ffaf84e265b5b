"""Delivery, stock, machines, capacity and suppliers."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import MONEY, Template

DOWN, BETWEEN = Direction.DECREASE, Direction.BETWEEN
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST
WEEKLY = Frequency.WEEKLY

metric = partial(Template, category="operations", unit="number", kind="metric", frequency=WEEKLY)
share = partial(Template, category="operations", unit="percent", decimals=1, aggregation=MEAN)
ratio = partial(Template, category="operations", unit="ratio", decimals=2, aggregation=MEAN)
hours = partial(Template, category="operations", unit="duration:h", decimals=1)
mean_hours = partial(hours, aggregation=MEAN)
average = partial(Template, category="operations", unit=MONEY, decimals=2, direction=DOWN, aggregation=MEAN)
units = partial(metric, unit="custom:units")

DELIVERY: Final = (
    metric("orders_delivered", "Orders delivered", "Orders that reached the customer in the period."),
    metric("orders_on_time", "Orders delivered on time", "Orders that reached the customer by the day first promised."),
    metric(
        "perfect_orders",
        "Perfect orders",
        "Orders that arrived on time, complete, undamaged and with the right papers.",
    ),
    share(
        "on_time_delivery",
        "On-time delivery (OTD)",
        "Of all orders delivered, the share that arrived by the day first promised. Counting against a date moved "
        "later hides the delay.",
        level="strategic",
        formula="orders_on_time / orders_delivered",
        also="delivery reliability",
    ),
    share(
        "perfect_order_rate",
        "Perfect order rate",
        "Of all orders delivered, the share that was on time, complete, undamaged and rightly documented. It is lower "
        "than each of the four.",
        formula="perfect_orders / orders_delivered",
    ),
    metric("order_lines", "Order lines", "Lines of customers’ orders that were due."),
    metric("order_lines_filled", "Order lines filled", "Lines delivered in full from stock at the first attempt."),
    share(
        "order_fill_rate",
        "Order fill rate",
        "Of all lines ordered, the share delivered in full from stock at once. More stock lifts it, and costs.",
        formula="order_lines_filled / order_lines",
        also="line fill rate, service level",
    ),
    Template(
        "order_lead_time",
        "Order lead time",
        "Days from a customer’s order to its arrival. A mean hides the few who wait very long.",
        "duration:d",
        "operations",
        decimals=1,
        direction=DOWN,
        aggregation=MEAN,
        frequency=WEEKLY,
        also="order cycle time",
        moves=("on_time_delivery",),
    ),
)

STOCK: Final = (
    Template(
        "inventory_value",
        "Inventory value",
        "What lies in stock, at cost. Too little loses sales, too much binds money and ages.",
        MONEY,
        "operations",
        direction=BETWEEN,
        aggregation=LAST,
        also="stock value",
    ),
    ratio(
        "inventory_turnover",
        "Inventory turnover",
        "How often a year the stock is sold: cost of goods sold over the mean stock of the last twelve months. Use "
        "cost in both, never sales prices.",
        decimals=1,
        formula="rolling_sum(cost_of_goods_sold, 12) / rolling_mean(inventory_value, 12)",
        also="stock turn",
    ),
    metric("stock_checks", "Stock checks", "Articles times days on which it was looked whether they are in stock."),
    metric(
        "stock_checks_empty",
        "Stock checks found empty",
        "Articles times days on which nothing was left to sell.",
        direction=DOWN,
    ),
    share(
        "stockout_rate",
        "Stockout rate",
        "How much of the time articles were missing. An article that sells ten times as much hurts ten times as much, "
        "which this does not show.",
        direction=DOWN,
        frequency=WEEKLY,
        formula="stock_checks_empty / stock_checks",
        also="out of stock",
        moves=("net_sales", "order_fill_rate"),
    ),
)

MACHINES: Final = (
    hours(
        "planned_production_time",
        "Planned production time",
        "Time the line was to run: shifts without breaks and without time nothing was planned.",
        kind="metric",
        frequency=WEEKLY,
    ),
    hours(
        "downtime",
        "Downtime",
        "Time the line was to run and stood still: breakdowns, missing material, set-up. Short stops are often not "
        "written down.",
        direction=DOWN,
        frequency=WEEKLY,
    ),
    hours(
        "run_time",
        "Run time",
        "Time the line really ran.",
        kind="metric",
        frequency=WEEKLY,
        formula="planned_production_time - downtime",
        also="operating time",
    ),
    units("units_made", "Units made", "Everything that came off the line, good or not.", also="output, throughput"),
    metric(
        "ideal_run_rate",
        "Ideal run rate",
        "Units an hour the line makes at its best speed, as its maker or a trial says; not the usual speed.",
        unit="custom:units per hour",
        aggregation=LAST,
        carry_forward=52,
    ),
    share(
        "oee_availability",
        "OEE availability",
        "Of the time the line was to run, the share it ran.",
        frequency=WEEKLY,
        formula="run_time / planned_production_time",
    ),
    share(
        "oee_performance",
        "OEE performance rate",
        "What the line made while it ran, as a share of what its best speed would have made. Above 100 % the best "
        "speed is set too low.",
        frequency=WEEKLY,
        formula="units_made / (ideal_run_rate * run_time)",
        also="speed loss",
    ),
    share(
        "oee",
        "Overall equipment effectiveness (OEE)",
        "Availability times performance times first pass yield: the share of planned time in which good units were "
        "made at full speed. Compare a line with itself, not with other lines.",
        level="strategic",
        frequency=WEEKLY,
        formula="oee_availability * oee_performance * first_pass_yield",
        target_hint="85 % is often quoted as world class for one product in long runs; your own best month says more.",
    ),
    metric("breakdowns", "Breakdowns", "How often the line stopped because something failed.", direction=DOWN),
    hours(
        "repair_time",
        "Repair time",
        "Time from each breakdown until the line ran again, added up.",
        kind="metric",
        direction=DOWN,
        frequency=WEEKLY,
    ),
    mean_hours(
        "mean_time_between_failures",
        "Mean time between failures (MTBF)",
        "How long the line runs, on average, until something fails. A period without failure has no value.",
        formula="run_time / breakdowns",
    ),
    mean_hours(
        "mean_time_to_repair",
        "Mean time to repair (MTTR)",
        "How long it takes, on average, until the line runs again after a breakdown. Waiting for parts counts.",
        direction=DOWN,
        formula="repair_time / breakdowns",
    ),
    metric("maintenance_due", "Maintenance jobs due", "Planned maintenance that was due in the period."),
    metric("maintenance_on_time", "Maintenance jobs done on time", "Of those due, the ones done by their date."),
    share(
        "preventive_maintenance_on_time",
        "Preventive maintenance on time",
        "Of the planned maintenance that was due, the share done by its date. A plan with too little in it is kept "
        "easily.",
        formula="maintenance_on_time / maintenance_due",
        moves=("mean_time_between_failures", "downtime", "oee"),
    ),
)

CAPACITY: Final = (
    units("capacity_units", "Capacity", "Units that could be made in the shifts planned."),
    share(
        "capacity_utilization",
        "Capacity utilization",
        "How much of what could be made is made. Near 100 % every disturbance makes orders late.",
        direction=BETWEEN,
        formula="units_made / capacity_units",
    ),
    Template(
        "production_cost",
        "Production cost",
        "Material, wages, energy and wear of what was made in the period.",
        MONEY,
        "operations",
        kind="metric",
        direction=DOWN,
    ),
    average(
        "unit_cost",
        "Cost per unit",
        "What a unit fit to sell costs to make, scrap included. Fixed cost makes it rise whenever less is made.",
        formula="production_cost / (units_made - units_scrapped)",
    ),
    metric(
        "energy_used",
        "Energy used",
        "Power, gas and heat, all in kilowatt hours.",
        unit="custom:kWh",
        direction=DOWN,
    ),
    Template(
        "energy_per_unit",
        "Energy per unit",
        "Kilowatt hours for each unit fit to sell. Heating makes it seasonal.",
        "custom:kWh per unit",
        "operations",
        decimals=2,
        direction=DOWN,
        aggregation=MEAN,
        formula="energy_used / (units_made - units_scrapped)",
    ),
    hours("billable_hours", "Billable hours", "Hours that clients are charged for.", kind="metric", frequency=WEEKLY),
    hours(
        "available_hours",
        "Available hours",
        "Hours people were there to work, without leave and illness.",
        kind="metric",
        frequency=WEEKLY,
    ),
    share(
        "billable_utilization",
        "Billable utilization",
        "Of the hours people were there, the share clients are charged for. Some time has to remain for learning and "
        "selling.",
        direction=BETWEEN,
        formula="billable_hours / available_hours",
        moves=("revenue", "operating_margin"),
        also="chargeability",
    ),
)

SUPPLIERS: Final = (
    metric("supplier_deliveries", "Suppliers’ deliveries", "Deliveries from suppliers that were due."),
    metric(
        "supplier_deliveries_on_time", "Suppliers’ deliveries on time", "Those that came complete by the day agreed."
    ),
    share(
        "supplier_on_time_delivery",
        "Supplier on-time delivery",
        "Of suppliers’ deliveries due, the share that came complete by the day agreed. One missing part may stop more "
        "than a hundred others.",
        formula="supplier_deliveries_on_time / supplier_deliveries",
        moves=("on_time_delivery", "downtime"),
    ),
)

TEMPLATES: Final = (*DELIVERY, *STOCK, *MACHINES, *CAPACITY, *SUPPLIERS)
