//! Goal: a table is in each format what it was before, typed where the format has types, and harmless to open.
//!
//! Method: one report with every kind of cell, written and read back by the reader that imports files, and the parts of the
//! workbook looked into where a reader does not tell.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use jiff::civil::date;
use yilian_core::report::{Cell, Column, ColumnKind, Report};
use yilian_core::rules::{Language, Text};
use yilian_node::read_table::{Limits, decode_table};

use super::*;

fn report() -> Report {
    let at = date(2026, 12, 3).at(20, 30, 0, 0);
    Report {
        name: "test",
        title: Text::new("排班统计", "Hours worked"),
        subtitle: Text::new("十二月", "December"),
        columns: vec![
            Column::new("name", "姓名", "name", ColumnKind::Text),
            Column::new("day", "日期", "day", ColumnKind::Date),
            Column::new("time", "时间", "time", ColumnKind::Time),
            Column::new("at", "何时", "at", ColumnKind::DateTime),
            Column::new("shifts", "班次", "shifts", ColumnKind::Count),
            Column::new("hours", "工时", "hours", ColumnKind::Hours),
        ],
        rows: vec![
            vec![
                Cell::Text("=1+1".to_owned()),
                Cell::Date(at.date()),
                Cell::Time(at.time()),
                Cell::DateTime(at),
                Cell::Count(3),
                Cell::Hours(450),
            ],
            vec![
                Cell::Named("planned".to_owned(), Text::new("计划", "planned")),
                // Before Excel's calendar begins.
                Cell::Date(date(1800, 1, 1)),
                Cell::Empty,
                Cell::Empty,
                Cell::Count(0),
                Cell::Hours(100),
            ],
        ],
        totals: vec![
            Cell::Named("total".to_owned(), Text::new("合计", "total")),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Count(3),
            Cell::Hours(550),
        ],
        notes: vec![Text::new("没有别的", "nothing else")],
    }
}

fn workbook(report: &Report, name: &str) -> Vec<u8> {
    let mut workbook = Workbook::new(Language::Zh);
    workbook.add_report(report, name).unwrap();
    workbook.save().unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn cells_of_a_workbook_have_their_types() {
    let bytes = workbook(&report(), "排班统计");
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("排班统计").unwrap();
    let cell = |row: u32, column: u32| range.get_value((row, column)).unwrap().clone();
    assert_eq!(cell(0, 0), Data::String("排班统计".to_owned()));
    assert_eq!(cell(2, 5), Data::String("工时".to_owned()));
    assert_eq!(
        cell(3, 0),
        Data::String("=1+1".to_owned()),
        "a text, no formula"
    );
    for (column, number) in [(1, 46_359.0), (2, 20.5 / 24.0), (3, 46_359.0 + 20.5 / 24.0)] {
        let Data::DateTime(moment) = cell(3, column) else {
            unreachable!("no date in column {column}");
        };
        assert!(
            (moment.as_f64() - number).abs() < 1e-6,
            "column {column}: {moment:?}"
        );
    }
    assert_eq!(cell(3, 4), Data::Float(3.0));
    assert_eq!(cell(3, 5), Data::Float(7.5));
    assert_eq!(cell(4, 1), Data::String("1800-01-01".to_owned()));
    assert_eq!(cell(4, 5), Data::Float(1.67));
    assert_eq!(cell(5, 0), Data::String("合计".to_owned()));
    assert_eq!(cell(5, 5), Data::Float(9.17));
    assert_eq!(cell(6, 0), Data::String("没有别的".to_owned()));
}

#[test]
fn a_sheet_prints_on_a4_with_its_header_on_each_page() {
    let bytes = workbook(&report(), "排班统计");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for wanted in [
        r#"paperSize="9""#,
        r#"fitToHeight="0""#,
        "<pageSetUpPr fitToPage=\"1\"/>",
        "第 &amp;P 页，共 &amp;N 页",
        r#"<pane ySplit="3" topLeftCell="A4""#,
    ] {
        assert!(sheet.contains(wanted), "{wanted} in {sheet}");
    }
    assert!(!sheet.contains("landscape"), "it is narrow");
    assert!(part(&bytes, "xl/workbook.xml").contains("排班统计!$3:$3"));

    let mut wide = report();
    wide.rows[0][0] = Cell::Text("宽".repeat(40));
    for _ in 0..3 {
        wide.columns.push(wide.columns[0].clone());
        wide.rows[0].push(Cell::Text("宽".repeat(40)));
    }
    let bytes = workbook(&wide, "宽");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"orientation="landscape""#), "{sheet}");
}

#[test]
fn sheets_have_names_that_excel_takes() {
    let mut workbook = Workbook::new(Language::En);
    let long = "驿".repeat(40);
    for name in ["a/b:c", "A*BC", "", "'[]'", &long, &long] {
        workbook.add_report(&report(), name).unwrap();
    }
    let bytes = workbook.save().unwrap();
    let book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let (cut, second) = ("驿".repeat(31), format!("{}-2", "驿".repeat(29)));
    assert_eq!(
        book.sheet_names(),
        ["abc", "ABC-2", "1", "1-2", &cut, &second]
    );
}

#[test]
fn csv_has_rows_only_and_no_formulas() {
    let text = csv::write(Language::Zh, &report(), "\n").unwrap();
    let expected = "姓名,日期,时间,何时,班次,工时\n\
        '=1+1,2026-12-03,20:30,2026-12-03 20:30,3,7.5\n\
        计划,1800-01-01,,,0,1.67\n";
    assert_eq!(text, expected);
    let windows = csv::write(Language::Zh, &report(), "\r\n").unwrap();
    assert_eq!(windows, expected.replace('\n', "\r\n"));
    let table = decode_table("a.csv", text.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!(table.rows[1].cells[0], "=1+1", "read back as it was");
}

#[test]
fn a_grid_is_a_page_for_the_wall() {
    let grid = Grid {
        name: "客运之家".to_owned(),
        title: "客运之家　2026年12月排班表".to_owned(),
        corner: "姓名".to_owned(),
        days: (4..=5)
            .map(|day| GridDay {
                number: day.to_string(),
                weekday: ["五", "六"][day - 4].to_owned(),
                weekend: day == 5,
            })
            .collect(),
        totals: vec!["班次".to_owned(), "工时".to_owned()],
        rows: vec![GridRow {
            name: "孙平".to_owned(),
            cells: vec!["8–14\n前台".to_owned(), String::new()],
            totals: vec![1.0, 6.0],
        }],
        signatures: "制表：".to_owned(),
    };
    let mut workbook = Workbook::new(Language::Zh);
    workbook.add_report(&report(), "明细").unwrap();
    workbook.add_grid(&grid, true).unwrap();
    let bytes = workbook.save().unwrap();
    assert!(part(&bytes, "xl/workbook.xml").contains(r#"activeTab="1""#));
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    for wanted in [
        r#"orientation="landscape""#,
        r#"paperSize="9""#,
        r#"<pane xSplit="1" ySplit="3""#,
    ] {
        assert!(sheet.contains(wanted), "{wanted} in {sheet}");
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("客运之家").unwrap();
    let text = |row, column| range.get_value((row, column)).unwrap().to_string();
    let shown = [
        text(0, 0),
        text(1, 1),
        text(2, 2),
        text(3, 1),
        text(3, 4),
        text(5, 0),
    ];
    assert_eq!(
        shown,
        [
            "客运之家　2026年12月排班表",
            "4",
            "六",
            "8–14\n前台",
            "6",
            "制表："
        ]
    );
}
