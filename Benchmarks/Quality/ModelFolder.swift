import Weft

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Shapes for inputs that a model leaves open and no test data gives, by model and input.
struct InputShapes {
    private var shapes: [String: [Int]] = [:]

    /// Entries are `MODEL/INPUT=1x3x8x8`. Throws `.invalidOption` for anything else.
    init(_ entries: [String]) throws(WeftError) {
        for entry in entries {
            let parts = entry.split(separator: "=", maxSplits: 1)
            let sizes = parts.count == 2 ? parts[1].split(separator: "x").map { Int($0) } : []
            let shape = sizes.compactMap { $0 }.filter { $0 >= 0 }
            guard parts.count == 2, parts[0].contains("/"), shape.count == sizes.count else {
                throw WeftError(.invalidOption, "'\(entry)' is no MODEL/INPUT=1x3x8x8")
            }
            shapes[String(parts[0])] = shape
        }
    }

    func shape(_ input: ValueDescription, of model: String) -> [Int]? {
        shapes["\(model)/\(input.name)"] ?? input.fixedShape
    }
}

/// A folder with a model, and perhaps with test data.
struct ModelFolder {
    let name: String
    let path: String

    /// The given folders that hold a model, and the folders in them that do.
    static func find(_ paths: [String]) throws -> [ModelFolder] {
        let files = FileManager.default
        func holdsModel(_ path: String) -> Bool { files.fileExists(atPath: path + "/model.onnx") }
        var found: [ModelFolder] = []
        for path in paths {
            if holdsModel(path) {
                found.append(ModelFolder(name: path.split(separator: "/").last.map(String.init) ?? path, path: path))
            } else {
                for entry in try files.contentsOfDirectory(atPath: path).sorted() where holdsModel("\(path)/\(entry)") {
                    found.append(ModelFolder(name: entry, path: "\(path)/\(entry)"))
                }
            }
        }
        return found
    }

    /// The model, not planned yet, with the inputs of its first data set, or zeros where there is none.
    ///
    /// Throws `.invalidInput` for an input whose shape nothing decides.
    func load(_ shapes: InputShapes, threads: Int) throws(WeftError) -> (session: Session, inputs: [String: Value]) {
        var options = SessionOptions()
        options.plansAtLoad = false
        options.threads = threads
        let session = try Session(loading: path + "/model.onnx", providers: ["cpu"], options: options)
        var inputs: [String: Value] = [:]
        if let data = try TestCase(folder: path, name: name)?.dataSets.first {
            inputs = try TestCase.values("input", in: data, for: session.inputs)
        }
        for input in session.inputs where inputs[input.name] == nil {
            if case .optional = input.type { continue }
            guard let type = input.elementType, let shape = shapes.shape(input, of: name) else {
                throw WeftError(
                    .invalidInput, "nothing decides the shape of input '\(input.name)'",
                    hint: "--shape \(name)/\(input.name)=…", file: path)
            }
            inputs[input.name] = .tensor(try Tensor(uninitialized: type, shape: shape, zeroed: true))
        }
        return (session, inputs)
    }
}
