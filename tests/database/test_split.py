"""Files of SQL, cut as the command lines of MariaDB and SQLite cut them."""

from __future__ import annotations

import sqlite3

import pytest

from driftcheck import check_database
from driftcheck.database.sources.split import split
from tests.database.conftest import run

TRIGGER = "create trigger tr after insert on t begin select 1; select case when 1 then 2 end; end"


def texts(text, dialect="mariadb"):
    return [statement.text for statement in split(text, dialect)]


@pytest.mark.parametrize("dialect", ["mariadb", "sqlite"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "create table t (a int); create table u (b int)",
            ["create table t (a int)", "create table u (b int)"],
        ),
        ("select ';', \";\", `;`", ["select ';', \";\", `;`"]),
        ("select 'it''s; ok'; select 2;", ["select 'it''s; ok'", "select 2"]),
        ("-- one; two\nselect 1; -- three;\n/* four; */ select 2", ["select 1", "select 2"]),
        ("  ;;\n; ", []),
        ("BEGIN; create table t (a int); COMMIT;", ["create table t (a int)"]),
        ("begin transaction; select 1; end transaction;", ["select 1"]),
        (
            'create table t (begin_at int, "end" int); select 1',
            ['create table t (begin_at int, "end" int)', "select 1"],
        ),
        (f"{TRIGGER}; select 3", [TRIGGER, "select 3"]),
    ],
)
def test_statements_end_at_semicolons(dialect, text, expected):
    assert texts(text, dialect) == expected


@pytest.mark.parametrize(
    "body",
    [
        "begin if x then select 1; end if; select 2; end",
        "begin if x then select 1; else select 2; end if; end",
        "begin case x when 1 then select 1; end case; select 2; end",
        "begin while x do set x = 0; end while; repeat set x = 1; until x end repeat; end",
        "begin declare h int; begin select 1; end; l: loop leave l; end loop l; end",
    ],
)
def test_bodies_of_routines_hold_semicolons(body):
    routine = f"create or replace definer=`a`@`b` procedure p(in x int) {body}"
    assert texts(f"{routine};\nselect 1;") == [routine, "select 1"]


def test_another_delimiter():
    assert texts(f"DELIMITER ;;\n{TRIGGER};;\ndelimiter ;\nselect 1;") == [TRIGGER, "select 1"]


def test_rows_of_dumps_hold_anything():
    rows = ", ".join(["(1, 'a;b', NULL, 2.5, '--', \"it's\", 3 - 1, 'end; begin')"] * 20)
    insert = f"insert into t values {rows}"
    assert texts(f"{insert};\n{insert} -- done; now\n;select 1") == [
        insert,
        f"{insert} -- done; now",
        "select 1",
    ]


def test_comments_with_a_version_are_statements_of_mysql():
    text = "/*!40101 SET NAMES utf8mb4 */;\n/* plain; */\n# another; one\n/*M!100100 SET a = 'b;' */;"
    assert texts(text) == ["/*!40101 SET NAMES utf8mb4 */", "/*M!100100 SET a = 'b;' */"]


def test_backslashes_escape_in_mysql_only():
    assert texts(r"select 'it\'s; ok'; select 2") == [r"select 'it\'s; ok'", "select 2"]
    assert texts(r"select 'a\'; select 2", "sqlite") == [r"select 'a\'", "select 2"]


@pytest.mark.parametrize(
    "statement",
    [
        "USE `shop`",
        "use shop",
        "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */",
        "/*!40000 DROP DATABASE IF EXISTS `shop`*/",
        "ALTER DATABASE `shop` CHARACTER SET latin1",
        "create schema shop",
        "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5'",
        "SET GLOBAL max_connections = 1",
        "SET @@SESSION.SQL_LOG_BIN= 0",
    ],
)
def test_no_statement_leaves_the_scratch_database(statement):
    assert texts(f"{statement};\nselect 1;") == ["select 1"]


def test_statements_know_their_lines():
    text = "-- head\n\ncreate table t (\n  a int\n);\n\n/* more */ create table u (a int);"
    assert [statement.line for statement in split(text, "sqlite")] == [3, 7]


def test_a_dump_of_sqlite_is_a_side(tmp_path):
    live, dump = tmp_path / "live.db", tmp_path / "dump.sql"
    with sqlite3.connect(live) as connection:
        connection.executescript(
            "create table t (id integer primary key autoincrement, a text default ';');"
            "insert into t (a) values ('x;''y');"
            "create view v as select * from t;"
            "create trigger tr after insert on t begin"
            " update t set a = case when new.id > 1 then 'a' else 'b' end where id = new.id; end;"
        )
        dump.write_text("\n".join(connection.iterdump()))
    against = {"db": {"against": str(dump)}}
    assert check_database(f"sqlite:///{live}", config=against).findings == ()
    with sqlite3.connect(live) as connection:
        connection.execute("drop trigger tr")
    found = check_database(f"sqlite:///{live}", config=against).findings
    assert [item.difference.object for item in found] == ["t.tr"]


DUMP = """/*M!999999\\- enable the sandbox mode */
-- MariaDB dump 10.19
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `elsewhere`;
USE `elsewhere`;
DROP TABLE IF EXISTS `child`;
CREATE TABLE `child` (`id` int(11) NOT NULL, `p` int(11) DEFAULT NULL, PRIMARY KEY (`id`), KEY `fk` (`p`),
  CONSTRAINT `fk` FOREIGN KEY (`p`) REFERENCES `parent` (`id`)) ENGINE=InnoDB;
LOCK TABLES `child` WRITE;
INSERT INTO `child` VALUES (1,NULL);
UNLOCK TABLES;
CREATE TABLE `parent` (`id` int(11) NOT NULL, `name` varchar(9) DEFAULT 'a;b', PRIMARY KEY (`id`));
/*!50001 CREATE VIEW `v` AS SELECT 1 AS `id` */;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER tr before insert on parent
for each row begin if new.id > 1 then set new.name = 'x'; end if; end */;;
DELIMITER ;
/*!50001 DROP VIEW IF EXISTS `v`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `v` AS select `parent`.`id` AS `id` from `parent` */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
"""


@pytest.mark.parametrize("dump", [DUMP, DUMP.replace("/*!40014 SET", "-- /*!40014 SET")])
def test_a_dump_of_mariadb_is_a_side(mariadb, tmp_path, dump):
    file = tmp_path / "dump.sql"
    file.write_text(dump)
    with mariadb.database() as url:
        run(
            url,
            "create table parent (id int primary key, name varchar(9) default 'a;b')",
            "create table child (id int primary key, p int)",
            "alter table child add constraint fk foreign key (p) references parent(id)",
            "create trigger tr before insert on parent for each row"
            " begin if new.id > 1 then set new.name = 'x'; end if; end",
            "create view v as select id from parent",
        )
        against = {"db": {"against": str(file)}}
        assert check_database(url, config=against).findings == ()
        run(url, "alter table child drop foreign key fk")
        found = check_database(url, config=against).findings
        assert [item.difference.object for item in found] == ["child.fk"]
