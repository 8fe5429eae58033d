use super::clean;

/// A name as a roster writes it: `李超`, `唐国庆#3670` (the namesake whose phone ends so), `孙平（客运之家）` or `孙平@keyun` (lent by
/// another site), or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PersonCell {
    /// The name as shown.
    pub(super) name: String,
    /// The last digits of the phone.
    pub(super) phone_end: Option<String>,
    /// The site that lends, as written.
    pub(super) lent_by: Option<String>,
}

impl PersonCell {
    /// None where the cell has no name, or more or less than such a form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let shown = clean::name(text);
        // Brackets and signs are looked for in both widths; the name itself is kept as written.
        let mut rest = shown.as_str();
        let mut phone_end = None;
        let mut lent_by = None;
        // The marks stand behind the name, in either order, each at most once.
        loop {
            if lent_by.is_none()
                && let Some(inside) = rest.strip_suffix([')', '）'])
                && let Some((before, site)) = inside.rsplit_once(['(', '（'])
            {
                lent_by = Some(clean::name(site));
                rest = before.trim_end();
                continue;
            }
            let Some((before, mark)) = split_last_mark(rest) else {
                break;
            };
            let (slot, value) = match mark {
                Mark::Phone(digits) => (&mut phone_end, digits),
                Mark::Site(site) => (&mut lent_by, site),
            };
            if slot.replace(value).is_some() {
                return None;
            }
            rest = before.trim_end();
        }
        let cell = Self {
            name: rest.to_owned(),
            phone_end,
            lent_by,
        };
        let digits = cell.phone_end.as_deref().is_none_or(|end| {
            (2..=20).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_digit())
        });
        let blank = cell.name.is_empty() || cell.lent_by.as_deref() == Some("");
        (digits && !blank && !cell.name.contains(['(', '（', ')', '）'])).then_some(cell)
    }

    /// The name alone once it is known whom it means; until then with the digits, which say more.
    pub(super) fn shown(&self, known: bool) -> String {
        match &self.phone_end {
            Some(end) if !known => format!("{}#{end}", self.name),
            _ => self.name.clone(),
        }
    }

    /// The name as an id has it: with what tells namesakes apart.
    pub(super) fn key(&self) -> String {
        let name = clean::name_key(&self.name);
        match &self.phone_end {
            Some(end) => format!("{name}#{end}"),
            None => name,
        }
    }
}

enum Mark {
    Phone(String),
    Site(String),
}

fn split_last_mark(text: &str) -> Option<(&str, Mark)> {
    let (before, after) = text.rsplit_once(['#', '＃', '@', '＠'])?;
    let after_folded = clean::folded(after);
    let mark = text.get(before.len()..)?.chars().next()?;
    Some(match mark {
        '#' | '＃' => (before, Mark::Phone(after_folded)),
        _ => (before, Mark::Site(clean::name(after))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_names_a_person_and_where_they_come_from() {
        for (text, name, phone_end, lent_by) in [
            ("李超", "李超", None, None),
            (" 李　超 ", "李超", None, None),
            ("唐国庆#3670", "唐国庆", Some("3670"), None),
            ("唐国庆＃３６７０", "唐国庆", Some("3670"), None),
            (
                "孙平（城市客运共享职工之家）",
                "孙平",
                None,
                Some("城市客运共享职工之家"),
            ),
            ("孙平(keyun)", "孙平", None, Some("keyun")),
            ("孙平 @ keyun", "孙平", None, Some("keyun")),
            ("孙平＠keyun", "孙平", None, Some("keyun")),
            ("孙平#6753@keyun", "孙平", Some("6753"), Some("keyun")),
            ("孙平@keyun#6753", "孙平", Some("6753"), Some("keyun")),
            ("孙平（keyun）#6753", "孙平", Some("6753"), Some("keyun")),
            ("孙平#6753（keyun）", "孙平", Some("6753"), Some("keyun")),
            ("Li Lei (keyun)", "Li Lei", None, Some("keyun")),
        ] {
            let expected = PersonCell {
                name: name.to_owned(),
                phone_end: phone_end.map(str::to_owned),
                lent_by: lent_by.map(str::to_owned),
            };
            assert_eq!(PersonCell::parse(text), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "　",
            "#1234",
            "@keyun",
            "孙平@",
            "孙平#",
            "孙平#ab",
            "孙平#1#2",
            "孙平@a@b",
            "孙平（a）@b",
            "（keyun）",
            "孙平()",
            "(孙)平",
        ] {
            assert_eq!(PersonCell::parse(text), None, "{text:?}");
        }
    }
}
