"""Who works at Complete Journey Grocery, and where. All of them are made up."""

from accounts.models import Role
from reports.demo.blueprint import DepartmentPlan, PersonPlan

PEOPLE = (
    PersonPlan("demo@ladder.example", "Dana Whitfield", Role.OWNER),
    PersonPlan("theo@ladder.example", "Theo Lindqvist", Role.EDITOR),
    PersonPlan("mia@ladder.example", "Mia Torres", Role.CONTRIBUTOR),
    PersonPlan("priya@ladder.example", "Priya Raman", Role.EDITOR),
    PersonPlan("jonas@ladder.example", "Jonas Becker", Role.CONTRIBUTOR),
    PersonPlan("lena@ladder.example", "Lena Okafor", Role.EDITOR),
    PersonPlan("sam@ladder.example", "Sam Whitaker", Role.VIEWER),
    PersonPlan("nora@ladder.example", "", Role.CONTRIBUTOR),
)
DANA, THEO, MIA, PRIYA, JONAS, LENA, SAM, NORA = (person.email for person in PEOPLE)
DEPARTMENTS = (
    DepartmentPlan("Fresh", lead=THEO),
    DepartmentPlan("Produce", "Fresh", MIA),
    DepartmentPlan("Meat", "Fresh"),
    DepartmentPlan("Packaged meat", "Fresh"),
    DepartmentPlan("Deli", "Fresh"),
    DepartmentPlan("Bakery", "Fresh"),
    DepartmentPlan("Seafood", "Fresh"),
    DepartmentPlan("Salad bar", "Fresh"),
    DepartmentPlan("Floral", "Fresh", NORA),
    DepartmentPlan("Packaged food", lead=PRIYA),
    DepartmentPlan("Grocery", "Packaged food"),
    DepartmentPlan("Natural food", "Packaged food"),
    DepartmentPlan("Spirits", "Packaged food"),
    DepartmentPlan("Household and health", lead=JONAS),
    DepartmentPlan("Drugstore", "Household and health"),
    DepartmentPlan("Cosmetics", "Household and health"),
    DepartmentPlan("Fuel and services"),
    DepartmentPlan("Fuel", "Fuel and services"),
    DepartmentPlan("Miscellaneous", "Fuel and services"),
    DepartmentPlan("Other departments", "Fuel and services"),
    DepartmentPlan("Marketing", lead=LENA),
)
