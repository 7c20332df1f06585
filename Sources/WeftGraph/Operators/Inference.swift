package import WeftProvider

package typealias Inference = TypeInference

extension TypeInference {
    package init(_ node: Node, inputs: [ValueType?], contents: [Constant?]) {
        self.init(node.attributes, inputs, contents, node.outputs.count, subject: node)
    }

    /// The bodies of a node of If, Loop or Scan.
    package var node: Node? { subject as? Node }
}
