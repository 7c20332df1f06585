/// The operators that convert a tensor from one layout to another. The engine inserts them where layouts differ.
///
/// A provider has rows for the conversions that its devices can do, at least from and to `.plain` for each layout
/// of its own. A conversion has one input and one output of the same type and shape, whose operands have the two
/// layouts.
public enum LayoutConversion {
    /// The domain of the conversions.
    public static let domain = "weft"

    /// The name of a conversion: `ToNHWC` and `FromNHWC` for `nhwc`, `ToMINE.BLOCKS` for `mine.blocks`.
    public static func opType(from: Layout, to: Layout) -> String {
        if from == .plain { return "To\(to.name.uppercased())" }
        if to == .plain { return "From\(from.name.uppercased())" }
        return "\(from.name.uppercased())To\(to.name.uppercased())"
    }
}
