from okrs.health import ObjectiveFacts, Unit, alignment

SALES = Unit("sales", "Sales")


def kinds(*objectives, **units):
    return [(finding.kind, finding.subject) for finding in alignment(objectives, **units)]


def company(**more):
    return ObjectiveFacts("top", "Grow", **{"key_results": ("kr",), **more})


def of_sales(number=1, **more):
    return ObjectiveFacts(number, f"Sell {number}", department="sales", **{"key_results": (f"kr{number}",), **more})


def test_what_hangs_together_has_no_finding():
    assert kinds(company(), of_sales(parent="top"), departments=[SALES]) == []


def test_a_parent_may_be_a_key_result_or_of_another_cycle():
    assert kinds(company(), of_sales(parent="kr"), of_sales(2, parent="of the year")) == []


def test_an_objective_below_the_company_without_a_parent():
    assert kinds(of_sales()) == [("no_parent", 1)]


def test_an_objective_of_the_company_that_nobody_supports():
    assert kinds(company()) == [("unsupported", "top")]


def test_an_objective_without_key_results():
    assert kinds(of_sales(parent="top", key_results=())) == [("no_key_results", 1)]


def test_one_that_takes_its_progress_from_its_children_needs_none_once_it_has_some():
    parent = company(key_results=(), averages_children=True)
    assert kinds(parent, of_sales(parent="top")) == []
    assert ("no_key_results", "top") in kinds(parent)


def test_a_department_without_objectives():
    assert kinds(departments=[SALES]) == [("no_objectives", "sales")]


def test_more_than_five_objectives_of_a_department_or_a_person():
    many = [of_sales(number, parent="top", owner="ada") for number in range(6)]
    assert kinds(*many, departments=[SALES], people=[Unit("ada", "Ada")]) == [
        ("too_many_objectives", "sales"),
        ("too_many_objectives", "ada"),
    ]
    assert kinds(*many[:5], departments=[SALES], people=[Unit("ada", "Ada")]) == []


def test_more_than_five_key_results():
    assert kinds(of_sales(parent="top", key_results=tuple("abcdef"))) == [("too_many_key_results", 1)]
    assert kinds(of_sales(parent="top", key_results=tuple("abcde"))) == []


def test_words_say_how_to_mend_it():
    findings = alignment([company(key_results=tuple("abcdef")), of_sales(key_results=())], [Unit("hr", "People")])
    assert all(finding.words.endswith(".") and finding.words.count(". ") >= 1 for finding in findings)
