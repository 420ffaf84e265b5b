"""What lies below one KPI's address: ``kpis/{id}/...``."""

from accounts.api.viewsets import ApiViewSet
from kpis.api.references import kpi_at
from kpis.models import Kpi


class OfKpiViewSet(ApiViewSet):
    noun = "KPI"

    def kpi(self) -> Kpi:
        """The KPI that the path names, by id or key."""
        return kpi_at(Kpi.objects.all(), self.kwargs["id"])
