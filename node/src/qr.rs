//! Codes to scan, drawn for print: an SVG of any size, a PNG for 300 dots an inch, or blocks on a terminal.
//!
//! ```
//! let code = yilian_node::qr::Code::of("https://example.com/#/site/keyun/ask")?;
//! assert!(code.svg("客运总站").starts_with("<svg"));
//! # Ok::<(), yilian_node::qr::QrError>(())
//! ```

use std::fmt::Write as _;
use std::ops::Range;

use png::{BitDepth, ColorType, Encoder, PixelDimensions, Unit};
use qrcode::{Color, EcLevel, QrCode};
use thiserror::Error;

/// Light modules around a code, without which a camera does not find it.
const QUIET: usize = 4;
/// Pixels of a module in a PNG: 1.35 mm at [`DOTS_PER_METRE`].
const SCALE: usize = 16;
/// 300 dots an inch.
const DOTS_PER_METRE: u32 = 11_811;
/// How wide an SVG is unless it is scaled, in millimetres.
const WIDTH_MM: usize = 50;

/// Why a code was not drawn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum QrError {
    /// The text is too long for a code: the caller has to say less.
    #[error("{bytes} bytes are too many for a code that can be scanned")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The picture cannot be written. It is not the caller's fault.
    #[error("the picture cannot be written")]
    Png(#[from] png::EncodingError),
}

/// A text as a square of dark and light modules, of which a seventh may be dirty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    dark: Vec<bool>,
    width: usize,
}

impl Code {
    /// The code of a text.
    ///
    /// # Errors
    /// The text is longer than about 2,300 bytes.
    pub fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .map_err(|_| QrError::TooLong { bytes: text.len() })?;
        let width = code.width();
        let colors = code.into_colors().into_iter();
        Ok(Self {
            dark: colors.map(|color| color == Color::Dark).collect(),
            width,
        })
    }

    /// How many modules it has on a side, with the light ones around it.
    #[must_use]
    pub const fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// Whether the module of a row and a column is dark; those around the code are light.
    fn is_dark(&self, row: usize, column: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        let (Some(row), Some(column)) = (inside(row), inside(column)) else {
            return false;
        };
        self.dark.get(row * self.width + column).copied() == Some(true)
    }

    /// The columns of a row that are dark one after the other.
    fn runs(&self, row: usize) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for column in (0..self.side()).filter(|column| self.is_dark(row, *column)) {
            match runs.last_mut() {
                Some(run) if run.end == column => run.end += 1,
                _ => runs.push(column..column + 1),
            }
        }
        runs
    }

    /// An SVG of the code, which is as sharp at any size. `title` is what it is of, for whoever cannot see it.
    #[must_use]
    pub fn svg(&self, title: &str) -> String {
        let side = self.side();
        let mut path = String::new();
        for row in 0..side {
            for run in self.runs(row) {
                let (start, length) = (run.start, run.len());
                // Writing to a text does not fail.
                let _ = write!(path, "M{start} {row}h{length}v1h-{length}z");
            }
        }
        let title = escaped(title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH_MM}mm\" height=\"{WIDTH_MM}mm\" \
             viewBox=\"0 0 {side} {side}\" role=\"img\" shape-rendering=\"crispEdges\">\
             <title>{title}</title><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
             <path d=\"{path}\"/></svg>\n"
        )
    }

    /// A PNG of the code, black on white.
    ///
    /// # Errors
    /// See [`QrError::Png`].
    pub fn png(&self) -> Result<Vec<u8>, QrError> {
        let mut bytes = Vec::new();
        let pixels = u32::try_from(self.side() * SCALE).unwrap_or(u32::MAX);
        let mut encoder = Encoder::new(&mut bytes, pixels, pixels);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        encoder.set_pixel_dims(Some(PixelDimensions {
            xppu: DOTS_PER_METRE,
            yppu: DOTS_PER_METRE,
            unit: Unit::Meter,
        }));
        let mut writer = encoder.write_header()?;
        let mut image = Vec::new();
        for row in 0..self.side() {
            // A module is two bytes of pixels wide, and white is 1.
            let columns = 0..self.side();
            let line = columns.flat_map(|column| match self.is_dark(row, column) {
                true => [0; SCALE / 8],
                false => [0xff; SCALE / 8],
            });
            let line: Vec<u8> = line.collect();
            image.extend(std::iter::repeat_n(line, SCALE).flatten());
        }
        writer.write_image_data(&image)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// The code in blocks, two modules above each other in a character. Light modules are drawn, as most terminals are dark.
    #[must_use]
    pub fn blocks(&self) -> String {
        let side = self.side();
        let line = |row: usize| {
            let columns = 0..side;
            let block = |column| {
                let below = row + 1 < side && !self.is_dark(row + 1, column);
                match (!self.is_dark(row, column), below) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                }
            };
            columns.map(block).collect::<String>()
        };
        let lines: Vec<String> = (0..side).step_by(2).map(line).collect();
        lines.join("\n")
    }
}

/// Text inside an element.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    //! Goal: whatever is drawn is read back as the text it was made of. Method: another library reads the picture.
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    const TEXTS: [&str; 3] = [
        "x",
        "https://example.com/yilian/#/site/jiefang-1-p/enrol/9da4b699-5e1b-5f72-8653-0d9cd24b66c1",
        "YILIAN-CERT 1 jiaozuo keyun\n急救员证\n王芳\n3f2a9c1e\n2026-12-20 2028-12-20\nabcdefghijkm",
    ];

    fn read(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
        let shade = |x: usize, y: usize| if is_dark(y, x) { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_png_is_read_back() {
        for text in TEXTS {
            let bytes = Code::of(text).unwrap().png().unwrap();
            let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
                .read_info()
                .unwrap();
            let info = reader.info();
            assert_eq!(info.pixel_dims.unwrap().xppu, DOTS_PER_METRE);
            let side = info.width as usize;
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            let bytes_of_row = side.div_ceil(8);
            let is_dark = |row: usize, column: usize| {
                pixels[row * bytes_of_row + column / 8] >> (7 - column % 8) & 1 == 0
            };
            assert_eq!(read(side, is_dark), text);
        }
    }

    #[test]
    fn an_svg_and_blocks_are_read_back() {
        for text in TEXTS {
            let code = Code::of(text).unwrap();
            let side = code.side();
            let svg = code.svg("客运 & <总站>");
            assert!(
                svg.contains("<title>客运 &amp; &lt;总站&gt;</title>"),
                "{svg}"
            );
            let path = svg.split("<path d=\"").nth(1).unwrap();
            let path = path.split('"').next().unwrap();
            let mut dark = vec![false; side * side];
            for run in path.split('z').filter(|run| !run.is_empty()) {
                let (at, length) = run[1..].split_once('h').unwrap();
                let (column, row) = at.split_once(' ').unwrap();
                let length: usize = length.split('v').next().unwrap().parse().unwrap();
                let start = row.parse::<usize>().unwrap() * side + column.parse::<usize>().unwrap();
                dark[start..start + length].fill(true);
            }
            // A reader wants a few pixels for each module.
            let scaled = |row: usize, column: usize| dark[row / 3 * side + column / 3];
            assert_eq!(read(side * 3, scaled), text);
            let blocks: Vec<Vec<char>> = code
                .blocks()
                .lines()
                .map(|line| line.chars().collect())
                .collect();
            let block = |row: usize, column: usize| {
                let light = match row / 3 % 2 {
                    0 => ['█', '▀'],
                    _ => ['█', '▄'],
                };
                !light.contains(&blocks[row / 3 / 2][column / 3])
            };
            assert_eq!(read(side * 3, block), text);
        }
    }

    #[test]
    fn too_long_a_text_is_refused() {
        let text = "长".repeat(1_000);
        let error = Code::of(&text).unwrap_err();
        assert_eq!(
            error.to_string(),
            "3000 bytes are too many for a code that can be scanned"
        );
    }
}
