import itertools
import random

import pytest

from driftcheck.renaming.assignment import best_matching
from driftcheck.renaming.pairs import LIKELY, best_renames, name_similarity
from driftcheck.renaming.words import edit_distance, meaning, phrased, words

SAME = """
email user_email | qty quantity | amt amount | addr address | msg message | desc description | num number
id identifier | ts timestamp | colour color | userName user_name | zip postal_code | zip_code postal_code
zipcode postcode | zipCode postalCode | phone telephone | surname last_name | mail email
email email_address | email emailAddress | phone phone_number | phoneNumber telephone | created created_at
created_at created_date | created_at creation_date | createdAt date_created | updated_at modified_at
user users | category categories | address addresses | limit page_size | per_page limit
pageSize page_size | q query | q search | sort order_by | sort sort_by | filter filters | org organization
organisation organization | canceled cancelled | in_progress in-progress | ACTIVE active | userId user_id
userID user_id | id user_id | name full_name | name display_name | username user_name | username login
dob date_of_birth | birthday date_of_birth | birthDate dateOfBirth | first_name given_name
firstName forename | cust_id customer_id | custAddr customer_address | acct_no account_number
acctNum accountNumber | img_url image_url | imgUri image_url | picture image | photo picture_url
cfg config | config configuration | lat latitude | lng longitude | lon lng | lang language | pwd password
passwd password | max_len max_length | min_qty minimum_quantity | adress address | recieved received
enviroment environment | active is_active | isEnabled enabled | useremail email | user_email useremail
total total_count | total_amount total | price_amount price | X-Request-ID Request-Id
X-RateLimit X-Rate-Limit | X-Token X-Auth-Token | country country_code | currency currency_code
start start_date | start_time start_at | end_date end_at | expiry expires_at | status state | type kind
title heading | customer_email client_email | shipping_address delivery_address | supplier_id vendor_id
url link | website homepage | uuid id | tags labels | timeout timeout_ms | size size_bytes
size size_in_bytes | data data_v2 | e_mail email | lastName familyName | email_address user_email
src source | dst destination | pct percent | tz timezone | lvl level | usr_nm user_name
category category_id | note comment | author creator | cnt count | orderQty order_quantity
licence license | centre center | catalogue catalog | favourite favorite | items_count item_count
cursor page_token | offset skip | ssn social_security_number | itemIds items
"""

DIFFERENT = """
age email | created_at name | width height | min max | start_date end_date | first_name last_name
old_x new_x | is_active is_admin | old_price new_price | min_price max_price | minimum maximum | start end
from to | lat lng | latitude longitude | x y | a b | user_id user_name | phone_number phone_type
email email_verified | email email_hash | status status_reason | order order_total | user user_role
price price_currency | price min_price | count max_count | name first_name | page next_page
address1 address2 | line1 line2 | v1 v2 | home_phone work_phone | billing_address shipping_address
created_at updated_at | created_at deleted_at | created_at created_by | created_by updated_by
source destination | sender receiver | parent_id child_id | input output | import export | enabled disabled
active inactive | verified unverified | total subtotal | asc desc | before after | since until | read write
open close | public private | internal external | request response | upload download | debit credit
contact contract | county country | price prize | content context | quality quantity | state stage
weight height | sender gender | item time | count country | use user | form format | port portfolio
plan planet | card cart | date data | text test | color collar | id x | title body | name email
city country | street city | has_next has_prev | is_public is_private | user_count item_count
user_email user_phone | order_id product_id | X-Request-Id X-Response-Id | ETag Last-Modified | limit offset
page limit | size sort | key value | subject object | host post | day month | hours minutes | week year
primary_color secondary_color | unit_price total_price | net_amount gross_amount | login_count logout_count
access_token refresh_token | client_id client_secret | username password | first second | next previous
width_px height_px | from_date to_date | group_a group_b | type1 type2 | pending approved
approved rejected | cat dog | paid unpaid | north south | currency country | label level | rate date
number name | hash cash | month mouth | user_to_group group_to_user | avg_score max_score | score store
model mode | customer custom | test_id text_id | alternate_email email
"""


def pairs(text):
    return [tuple(pair.split()) for line in text.strip().splitlines() for pair in line.split("|")]


@pytest.mark.parametrize(("a", "b"), pairs(SAME))
def test_related_names(a, b):
    assert LIKELY <= name_similarity(a, b) <= 1.0
    assert name_similarity(a, b) == name_similarity(b, a)


@pytest.mark.parametrize(("a", "b"), pairs(DIFFERENT))
def test_unlike_names(a, b):
    assert name_similarity(a, b) < LIKELY
    assert name_similarity(b, a) < LIKELY


def test_the_tables_are_long_enough_to_mean_something():
    assert len(set(pairs(SAME))) >= 100
    assert len(set(pairs(DIFFERENT))) >= 100


def test_a_name_is_itself():
    assert name_similarity("email", "email") == 1.0


@pytest.mark.parametrize("name", ["", "***", "_", "-"])
def test_a_name_without_words_is_like_nothing(name):
    assert name_similarity(name, "email") == 0.0


def test_style_alone_is_nearer_than_a_short_form_and_that_nearer_than_an_added_word():
    style = name_similarity("userName", "user_name")
    short = name_similarity("usrName", "user_name")
    added = name_similarity("name", "user_name")
    assert style > short > added


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("userName", ("user", "name")),
        ("user_name", ("user", "name")),
        ("X-Rate-Limit", ("x", "rate", "limit")),
        ("userIDs", ("user", "ids")),
        ("URLPath", ("url", "path")),
        ("filter[name]", ("filter", "name")),
        ("line2", ("line", "2")),
        ("api.v2.items", ("api", "v2", "items")),
        ("größe", ("größe",)),
        ("名前", ("名前",)),
    ],
)
def test_words(name, expected):
    assert words(name) == expected


def test_phrases_are_joined():
    assert phrased(("customer", "date", "of", "birth")) == ("customer", "birthday")
    assert phrased(("date",)) == ("date",)


def test_meaning_follows_short_forms_and_plurals():
    assert meaning("addrs") == meaning("address") == meaning("addresses")
    assert meaning("pics") == meaning("image")


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [("", "", 0), ("a", "", 1), ("receive", "recieve", 1), ("kitten", "sitting", 3), ("abc", "abc", 0)],
)
def test_edit_distance(a, b, distance):
    assert edit_distance(a, b) == edit_distance(b, a) == distance


def same(a, b):
    return 1.0 if a == b else 0.0


class TestBestRenames:
    def test_finds_the_pair_that_fits(self):
        found = best_renames({"email": "s", "qty": "i"}, {"quantity": "i", "user_email": "s"}, same)
        assert [(old, new) for old, new, _ in found] == [("email", "user_email"), ("qty", "quantity")]
        assert all(LIKELY <= confidence <= 1 for _, _, confidence in found)

    def test_the_contract_must_fit(self):
        assert best_renames({"email": "string"}, {"user_email": "integer"}, same) == []

    def test_a_partial_fit_lowers_the_confidence(self):
        whole = best_renames({"qty": 1}, {"quantity": 1}, lambda a, b: 1.0)[0][2]
        part = best_renames({"qty": 1}, {"quantity": 1}, lambda a, b: 0.5)[0][2]
        assert LIKELY <= part < whole

    def test_names_must_be_related(self):
        assert best_renames({"width": 1}, {"height": 1}, same) == []

    def test_what_exists_on_both_sides_is_left_alone(self):
        assert best_renames({"email": 1}, {"email": 1, "user_email": 1}, same) == []
        assert best_renames({"email": 1, "user_email": 1}, {"user_email": 1}, same) == []

    def test_one_to_one_and_the_nearest_name_wins(self):
        found = best_renames({"email": 1}, {"contact_email": 1, "e_mail": 1}, same)
        assert [(old, new) for old, new, _ in found] == [("email", "e_mail")]

    def test_the_best_total_wins_over_the_best_single_pair(self):
        scores = {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.85}
        assert best_matching(scores) == [("a", "y"), ("b", "x")]

    def test_does_not_ask_about_unrelated_names(self):
        asked = []
        best_renames({"age": 1}, {"email": 1}, lambda a, b: asked.append(1) or 1.0)
        assert asked == []

    def test_nothing_to_pair(self):
        assert best_renames({}, {"a": 1}, same) == []
        assert best_renames({"a": 1}, {}, same) == []

    def test_huge_sides_pair_only_by_style(self):
        removed = {f"someName{index}": 1 for index in range(1000)} | {"qty": 1}
        added = {f"some_name_{index}": 1 for index in range(1000)} | {"quantity": 1}
        found = best_renames(removed, added, same)
        assert len(found) == 1000
        assert ("someName7", "some_name_7", 0.97) in found

    def test_the_same_every_time(self):
        removed = {"a_email": 1, "b_email": 1}
        added = {"email": 1, "emails": 1}
        assert best_renames(removed, added, same) == best_renames(dict(removed), dict(added), same)


class TestBestMatching:
    def test_against_all_permutations(self):
        rng = random.Random(7)
        for _ in range(60):
            size = rng.randint(1, 5)
            other = rng.randint(1, 5)
            scores = {
                (f"o{i}", f"n{j}"): rng.randint(1, 100) / 100
                for i in range(size)
                for j in range(other)
                if rng.random() < 0.7
            }
            found = best_matching(scores)
            assert len({old for old, _ in found}) == len(found) == len({new for _, new in found})
            assert sum(scores[pair] for pair in found) == pytest.approx(best_total(scores, size, other))

    def test_large_groups_are_matched_greedily(self):
        scores = {("o", f"n{j}"): 0.5 + j / 1000 for j in range(100)}
        assert best_matching(scores) == [("o", "n99")]


def best_total(scores, size, other):
    columns = [f"n{j}" for j in range(other)] + [""] * size
    return max(
        sum(scores.get((f"o{i}", column), 0.0) for i, column in enumerate(chosen))
        for chosen in itertools.permutations(columns, size)
    )
