import ArgumentParser
import Weft

/// Options that say what a model is fed with.
struct InputOptions: ParsableArguments {
    @Option(
        name: .long, help: "An input and the .npy file that holds it, as NAME=FILE.npy; repeatable.",
        completion: .file(extensions: ["npy"]))
    var input: [String] = []

    @Option(
        name: .customLong("test-data"), help: "A test_data_set_* folder whose input_*.pb are taken.",
        completion: .directory)
    var testData: String?

    @Option(name: .long, help: "Dimensions of an input that the model leaves open, as NAME=1x3x640x640; repeatable.")
    var shape: [String] = []

    /// Dimensions by input name. Throws `.invalidOption` for text that is none.
    func shapes() throws(WeftError) -> [String: [Int]] {
        var shapes: [String: [Int]] = [:]
        for text in shape {
            let (name, value) = try Self.pair(text, "NAME=1x3x640x640")
            var dimensions: [Int] = []
            for part in value.isEmpty ? [] : value.split(separator: "x", omittingEmptySubsequences: false) {
                guard let size = Int(part), size >= 0 else {
                    throw WeftError(
                        .invalidOption, "'\(text)' is no NAME=1x3x640x640",
                        hint: "dimensions are whole numbers with x between them")
                }
                dimensions.append(size)
            }
            shapes[name] = dimensions
        }
        return shapes
    }

    /// A value for each of the session's inputs; those that nobody gives are random, and their names are returned.
    ///
    /// Throws `.invalidInput` for names that the model does not have and shapes that stay open.
    func values(for session: Session) throws(WeftError) -> (values: [String: Value], random: [String]) {
        var values: [String: Value] = [:]
        if let testData { values = try TestCase.values("input", in: testData, for: session.inputs) }
        if let testData, values.isEmpty, !session.inputs.isEmpty {
            throw WeftError(.invalidInput, "there is no input_*.pb in the folder", file: testData)
        }
        for text in input {
            let (name, file) = try Self.pair(text, "NAME=FILE.npy")
            guard session.inputs.contains(where: { $0.name == name }) else {
                throw WeftError(
                    .invalidInput, "the model has no input '\(name)'",
                    hint: "its inputs are \(session.inputs.map(\.description).joined(separator: "; "))")
            }
            values[name] = .tensor(try Tensor(npy: file))
        }
        let shapes = try self.shapes()
        for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
            guard let given = values[name]?.shape, given != shape else { continue }
            throw WeftError(.invalidInput, "--shape says \(shape) for input '\(name)', its file has \(given)")
        }
        let random = try RandomInputs.fill(&values, session.inputs, shapes)
        return (values, random)
    }

    private static func pair(_ text: String, _ form: String) throws(WeftError) -> (String, String) {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw WeftError(.invalidOption, "'\(text)' is no \(form)")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
