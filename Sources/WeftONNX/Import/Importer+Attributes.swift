import WeftGraph
import WeftProvider

extension Importer {
    /// A node's attributes, references replaced by what the call gives; a reference to nothing is left out.
    func attributes(of node: NodeProto, in scope: Scope) throws(WeftError) -> [AttributeProto] {
        if node.attributes.isEmpty { return [] }
        if node.attributes.count == 1, node.attributes[0].reference.isEmpty { return node.attributes }
        var names: Set<String> = []
        var result: [AttributeProto] = []
        result.reserveCapacity(node.attributes.count)
        for attribute in node.attributes {
            guard names.insert(attribute.name).inserted else {
                throw WeftError(.invalidModel, "attribute '\(attribute.name)' is given twice")
            }
            if attribute.reference.isEmpty {
                result.append(attribute)
                continue
            }
            guard let call = scope.call else {
                throw WeftError(
                    .invalidModel,
                    "attribute '\(attribute.name)' refers to '\(attribute.reference)' of a function, but is in none")
            }
            guard var given = call.attributes[attribute.reference] else { continue }
            given.name = attribute.name
            result.append(given)
        }
        return result
    }

    /// What an attribute holds; not for graphs, which become bodies.
    func value(of attribute: AttributeProto) throws(WeftError) -> Attribute {
        let label = "attribute '\(attribute.name)'"
        switch attribute.kind {
        case .float: return .float(attribute.float)
        case .int: return .int(attribute.int)
        case .string: return .string(try decoder.text(attribute.string, of: label))
        case .floats: return .floats(attribute.floats)
        case .ints: return .ints(attribute.ints)
        case .strings:
            var strings: [String] = []
            for range in attribute.strings { strings.append(try decoder.text(range, of: label)) }
            return .strings(strings)
        case .tensor:
            guard let tensor = attribute.tensor.value else { throw empty(label) }
            return .tensor(try decoder.constant(tensor, name: attribute.name))
        case .sparseTensor:
            guard let tensor = attribute.sparseTensor.value else { throw empty(label) }
            return .tensor(try decoder.constant(tensor, name: attribute.name))
        case .type:
            guard let declaration = try attribute.type.value?.declaration(of: attribute.name) else {
                throw empty(label)
            }
            return .type(declaration.type)
        case .undefined, .graph: throw empty(label)
        case .tensors, .graphs, .sparseTensors, .types:
            throw WeftError(.unsupportedOperator, "\(label) is a list of tensors, graphs or types: not supported")
        case nil: throw WeftError(.invalidModel, "\(label) is of a kind that ONNX does not have")
        }
    }

    private func empty(_ label: String) -> WeftError { WeftError(.invalidModel, "\(label) holds nothing") }

    /// Defines a Constant node's output as its value, whichever attribute gives it.
    func addConstant(_ node: NodeProto, to scope: Scope) throws(WeftError) {
        guard node.outputs.count == 1, node.inputs.isEmpty else {
            throw WeftError(.invalidModel, "a Constant has one output and no inputs")
        }
        let given = try attributes(of: node, in: scope)
        guard given.count == 1 else {
            throw WeftError(.invalidModel, "a Constant has one attribute, this one has \(given.count)")
        }
        let constant: Constant
        switch (given[0].name, try value(of: given[0])) {
        case ("value", .tensor(let tensor)), ("sparse_value", .tensor(let tensor)): constant = tensor
        case ("value_float", .float(let value)): constant = ConstantFactory.constant(Tensor(scalar: value))
        case ("value_int", .int(let value)): constant = ConstantFactory.constant(Tensor(scalar: value))
        case ("value_floats", .floats(let values)):
            constant = ConstantFactory.constant(Tensor(values, shape: [values.count]))
        case ("value_ints", .ints(let values)):
            constant = ConstantFactory.constant(Tensor(values, shape: [values.count]))
        case ("value_string", .string(let text)): constant = strings([text], shape: [])
        case ("value_strings", .strings(let texts)): constant = strings(texts, shape: [texts.count])
        default: throw WeftError(.invalidModel, "a Constant's value cannot be attribute '\(given[0].name)'")
        }
        guard !node.outputs[0].isEmpty else { return }
        try scope.define(node.outputs[0], as: constant)
    }

    private func strings(_ elements: [String], shape: [Int]) -> Constant {
        Constant(
            id: ConstantFactory.newIdentity(), elementType: .string, shape: shape, payload: .strings(elements))
    }
}
