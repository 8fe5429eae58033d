use yilian_core::rules::Text;

use super::ReadTableError;
use crate::errors::chain_zh;

impl ReadTableError {
    /// The message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::UnclosedQuote { file, line } => {
                format!("{file} 第{line}行：引号没有闭合")
            }
            Self::Encoding {
                file,
                line,
                encoding,
            } => format!(
                "{file} 第{line}行：不是有效的 {encoding}，请另存为 UTF-8、GB18030 或 .xlsx"
            ),
            Self::NotATable {
                file,
                old_excel: true,
            } => format!("{file}：这是 Excel 97-2003 的工作簿，请另存为 .xlsx"),
            Self::NotATable { file, .. } => {
                format!("{file}：既不是 CSV 文本，也不是 .xlsx 工作簿")
            }
            Self::Workbook { file, reason } => format!("{file}：读不了这个工作簿：{reason}"),
            Self::NoSuchSheet {
                file,
                sheet,
                sheets,
            } if sheets.is_empty() => format!("{file} 没有工作表“{sheet}”：这是文本文件"),
            Self::NoSuchSheet {
                file,
                sheet,
                sheets,
            } => format!("{file} 没有工作表“{sheet}”：只有 {}", sheets.join("、")),
            Self::TooLarge { file, what, limit } => {
                let what = match *what {
                    "bytes" => "字节数",
                    "unpacked bytes" => "解压后的字节数",
                    "rows" => "行数",
                    "columns" => "列数",
                    "bytes of one cell" => "单元格的字节数",
                    other => other,
                };
                format!("{file}：{what}超过上限 {limit}")
            }
            Self::Io { file, source } => format!("打不开 {file}：{}", chain_zh(source)),
        };
        Text::new(zh, self.to_string())
    }
}
