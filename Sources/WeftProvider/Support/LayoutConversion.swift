/// The operator that brings a tensor from one layout to another: the engine puts it where layouts meet.
///
/// One input and one output of the same type and shape; their operands carry the two layouts.
public enum LayoutConversion {
    public static let domain = "weft"

    /// `ToNHWC` and `FromNHWC` for the layouts that everybody on the host shares.
    public static func opType(from: Layout, to: Layout) -> String {
        if from == .plain { return "To\(to.name.uppercased())" }
        if to == .plain { return "From\(from.name.uppercased())" }
        return "\(from.name.uppercased())To\(to.name.uppercased())"
    }
}
