#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;

const CSV: &str = "日期,姓名,岗位\n2026-12-01,郑洋,前台\n2026-12-02,谢玉兰,热线\n";

fn decoded(bytes: &[u8]) -> Result<Table, ReadTableError> {
    decode_table("roster.csv", bytes, None, &Limits::default())
}

/// Lines and cells, joined by `|`.
fn shown(table: &Table) -> Vec<String> {
    table
        .rows
        .iter()
        .map(|row| format!("{} {}", row.line, row.cells.join("|")))
        .collect()
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let expected = [
        "1 日期|姓名|岗位",
        "2 2026-12-01|郑洋|前台",
        "3 2026-12-02|谢玉兰|热线",
    ];
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| {
        std::iter::once(0xFEFF)
            .chain(CSV.encode_utf16())
            .flat_map(to_bytes)
            .collect::<Vec<u8>>()
    };
    for (encoding, bytes) in [
        ("UTF-8", CSV.as_bytes().to_vec()),
        ("UTF-8 with BOM", format!("\u{FEFF}{CSV}").into_bytes()),
        ("GB18030", encoding_rs::GB18030.encode(CSV).0.into_owned()),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
        ("UTF-16BE", utf16(u16::to_be_bytes)),
        ("CRLF", CSV.replace('\n', "\r\n").into_bytes()),
        ("CR", CSV.replace('\n', "\r").into_bytes()),
        ("tabs", CSV.replace(',', "\t").into_bytes()),
        ("semicolons", CSV.replace(',', ";").into_bytes()),
        ("no last line end", CSV.trim_end().as_bytes().to_vec()),
    ] {
        assert_eq!(shown(&decoded(&bytes).unwrap()), expected, "{encoding}");
    }
}

#[test]
fn lines_are_those_an_editor_shows() {
    for (text, expected) in [
        (
            "a,b\n\n\n\"x\ny\",2\n3,4\n",
            vec!["1 a|b", "4 x\ny|2", "6 3|4"],
        ),
        (
            "a,b\r\n\"x\r\ny\",\"say \"\"hi\"\"\"\r\n3,4",
            vec!["1 a|b", "2 x\ny|say \"hi\"", "4 3|4"],
        ),
        ("sep=;\na;b\n1;2\n", vec!["2 a|b", "3 1|2"]),
        ("title\na;b\n", vec!["1 title", "2 a|b"]),
        ("a,b\n,,\n  ,\n1", vec!["1 a|b", "4 1"]),
        ("a, \"b,c\" ,d", vec!["1 a|b,c |d"]),
        ("5\"x,1", vec!["1 5\"x|1"]),
        ("", vec![]),
        ("\n\n", vec![]),
    ] {
        assert_eq!(
            shown(&decoded(text.as_bytes()).unwrap()),
            expected,
            "{text:?}"
        );
    }
}

#[test]
fn a_bad_file_says_where_and_what() {
    let gb = encoding_rs::GB18030
        .encode("日期,姓名\n一,郑洋\n")
        .0
        .into_owned();
    let check = |bytes: &[u8], expected: &str| {
        assert_eq!(decoded(bytes).unwrap_err().to_string(), expected)
    };
    check(
        &[gb.as_slice(), &[0xFF, 0xFF]].concat(),
        "roster.csv line 3: not readable as GB18030: save the file as UTF-8, GB18030 or .xlsx",
    );
    check(
        b"\xEF\xBB\xBFa,b\n\xFF",
        "roster.csv line 2: not readable as UTF-8: save the file as UTF-8, GB18030 or .xlsx",
    );
    check(
        "a,b\n1,\"2\n3,4\n".as_bytes(),
        "roster.csv line 2: a quotation mark opens a cell that is never closed",
    );
    check(
        b"a,b\n1,\0",
        "roster.csv: neither CSV text nor an .xlsx workbook",
    );
    check(
        &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1],
        "roster.csv: neither CSV text nor an .xlsx workbook (it is a workbook of Excel 97-2003: save it as .xlsx)",
    );
    check(
        &vec![b'a'; 17 << 20],
        "roster.csv: bytes exceed the limit of 16777216",
    );
    check(
        &vec![b','; 300],
        "roster.csv: columns exceed the limit of 256",
    );
    check(
        &vec![b'a'; 17 << 10],
        "roster.csv: bytes of one cell exceed the limit of 16384",
    );
    check(
        "a\n".repeat(100_001).as_bytes(),
        "roster.csv: rows exceed the limit of 100000",
    );
}

fn workbook() -> Workbook {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("12月").unwrap();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let time = Format::new().set_num_format("h:mm");
    for (column, title) in ["日期", "姓名", "岗位", "开始", "结束", "电话"]
        .iter()
        .enumerate()
    {
        sheet.write(1, column as u16, *title).unwrap();
    }
    let date = ExcelDateTime::from_ymd(2026, 12, 3).unwrap();
    sheet.merge_range(2, 0, 3, 0, "", &day).unwrap();
    sheet.write_with_format(2, 0, &date, &day).unwrap();
    for (row, from, to) in [(2, 8, 14), (3, 14, 20)] {
        sheet.write(row, 1, "郑洋").unwrap();
        sheet.write(row, 3, "").unwrap();
        sheet
            .write_with_format(row, 3, ExcelDateTime::from_hms(from, 0, 0).unwrap(), &time)
            .unwrap();
        sheet
            .write_with_format(row, 4, ExcelDateTime::from_hms(to, 30, 0).unwrap(), &time)
            .unwrap();
        sheet.write(row, 5, 13_800_138_000.0).unwrap();
    }
    workbook
        .add_worksheet()
        .set_name("说明")
        .unwrap()
        .write(0, 0, "说明")
        .unwrap();
    workbook
}

#[test]
fn a_workbook_gives_dates_times_and_merged_cells_as_text() {
    let bytes = workbook().save_to_buffer().unwrap();
    let limits = Limits::default();
    let table = decode_table("a.xlsx", &bytes, None, &limits).unwrap();
    assert_eq!(table.sheet.as_deref(), Some("12月"));
    assert_eq!(
        shown(&table),
        [
            "2 日期|姓名|岗位|开始|结束|电话",
            "3 2026-12-03|郑洋||08:00|14:30|13800138000",
            "4 2026-12-03|郑洋||14:00|20:30|13800138000",
        ]
    );
    let table = decode_table("a.xlsx", &bytes, Some("说明"), &limits).unwrap();
    assert_eq!(shown(&table), ["1 说明"]);
    assert_eq!(
        decode_table("a.xlsx", &bytes, Some("1月"), &limits)
            .unwrap_err()
            .to_string(),
        "a.xlsx has no sheet \"1月\": it has 12月, 说明"
    );
}

#[test]
fn a_workbook_with_one_far_cell_costs_nothing() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "a").unwrap();
    sheet.write(1_048_575, 16_383, "z").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let error = decode_table("a.xlsx", &bytes, None, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "a.xlsx: rows exceed the limit of 100000");
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..2000 {
        sheet.write(row, 0, "a".repeat(1000)).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let limits = Limits {
        unpacked_bytes: 64 * 1024,
        ..Limits::default()
    };
    let error = decode_table("a.xlsx", &bytes, None, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.xlsx: unpacked bytes exceed the limit of 65536"
    );
}

#[test]
fn damaged_workbooks_are_errors() {
    let bytes = workbook().save_to_buffer().unwrap();
    // Cut anywhere, and with single bytes changed: an error or a table, never a panic.
    for step in 0..200 {
        let at = bytes.len() * step / 200;
        let _ = decode_table("a.xlsx", &bytes[..at], None, &Limits::default());
        let mut changed = bytes.clone();
        changed[at] ^= 0xFF;
        let _ = decode_table("a.xlsx", &changed, None, &Limits::default());
    }
}
