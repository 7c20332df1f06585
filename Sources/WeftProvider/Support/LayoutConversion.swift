/// The operator that brings a tensor from one layout to another: the engine puts it where layouts meet.
///
/// A provider has rows for the conversions that its devices do, at least from and to plain for each layout of its own:
/// one input and one output of the same type and shape, whose operands carry the two layouts.
public enum LayoutConversion {
    /// The operator set that conversions belong to.
    public static let domain = "weft"

    /// `ToNHWC` and `FromNHWC` for the layouts that everybody on the host shares, `ToMINE.BLOCKS` for `mine.blocks`.
    public static func opType(from: Layout, to: Layout) -> String {
        if from == .plain { return "To\(to.name.uppercased())" }
        if to == .plain { return "From\(from.name.uppercased())" }
        return "\(from.name.uppercased())To\(to.name.uppercased())"
    }
}
