//! A value made of fixed text and columns: `"{CODIGO}-01"`.

/// Pieces of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

/// Fixed text, or a column by the folded name of its header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Column(String),
}

impl Template {
    /// `None` if a brace is not closed; a doubled brace stands for itself.
    pub(crate) fn parse(source: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut chars = source.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    text.push(c);
                }
                '{' => {
                    let mut column = String::new();
                    loop {
                        match chars.next()? {
                            '}' => break,
                            c => column.push(c),
                        }
                    }
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(Piece::Column(column));
                }
                '}' => return None,
                c => text.push(c),
            }
        }
        pieces.push(Piece::Text(text));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Some(Self(pieces))
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Column(column) => Some(column.as_str()),
            Piece::Text(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_name_columns() {
        let pieces = |source| Template::parse(source).map(|template| template.0);
        let (text, column) = (|t: &str| Piece::Text(t.into()), |c: &str| Piece::Column(c.into()));
        assert_eq!(pieces("open"), Some(vec![text("open")]));
        assert_eq!(pieces("{N° FICHA}-01"), Some(vec![column("N° FICHA"), text("-01")]));
        assert_eq!(pieces("{{a}}"), Some(vec![text("{a}")]));
        assert_eq!(pieces(""), Some(vec![]));
        assert_eq!((pieces("{a"), pieces("a}")), (None, None));
    }
}
