import WeftGraph
package import WeftInterpreter
import WeftPlanning
package import WeftProvider

/// One run of a model: executes its plan, and the plans of bodies and regions that are called in it.
package struct Run {
    package let planner: Planner
    package let workers: RunWorkers
    let budget: MemoryBudget
    /// Whether a signature always gets the same plan, and so the same bits.
    package let deterministic: Bool
    /// Names of the model's outputs, for errors about their targets.
    package let outputNames: [String]
    /// Collects times, in a profiled run.
    package let profiler: Profiler?
    /// Collects times of steps, in a run that is timed for tuning.
    package var times: StepTimes?

    package init(
        planner: Planner, workers: RunWorkers, budget: MemoryBudget, deterministic: Bool, outputNames: [String],
        profiler: Profiler?, times: StepTimes? = nil
    ) {
        self.planner = planner
        self.workers = workers
        self.budget = budget
        self.deterministic = deterministic
        self.outputNames = outputNames
        self.profiler = profiler
        self.times = times
    }

    /// Runs a closed graph on its inputs through the plan cache.
    ///
    /// Bodies and regions with a new signature run node by node: a plan pays only if the signature comes again. Graphs
    /// with operators that the reference provider lacks always get a plan.
    func call(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> [Value] {
        let signature = Signature(graph, data)
        if let plan = planner.cache.plan(signature) { return try execute(plan, data) }
        let pays = deterministic || graph.hasCustomOperators || planner.cache.comesAgain(signature, graph: graph)
        guard pays else {
            return try Interpreter(planner.reference, workers: workers, budget: budget).run(graph, data)
        }
        return try execute(try planner.plan(graph, data, signature), data)
    }

    /// Runs a plan; `data` are the inputs it was made for.
    ///
    /// Throws `.invalidInput` before anything runs if a target does not fit its output, as far as the plan knows it.
    package func execute(
        _ ready: ReadyPlan, _ data: [Datum], into targets: OutputTargets = .none
    ) throws(WeftError) -> [Value] {
        if !targets.isEmpty { try targets.check(ready.plan.outputTypes, names: outputNames) }
        let trace = profiler.map { RunTrace($0, ready.plan, devices: planner.devices) }
        let context = try ready.contexts.lease { () throws(WeftError) in
            let start = trace == nil ? 0 : HostClock.nanoseconds
            let context = try planner.context(ready)
            trace?.prepared(since: start)
            return context
        }
        var isLost = false
        defer { ready.contexts.take(back: context, isLost: isLost) }
        return try execute(ready, data, in: context, into: targets, trace, &isLost)
    }

    /// Runs a plan in a context that no other run uses; sets `isLost` if a device was lost.
    private func execute(
        _ ready: ReadyPlan, _ data: [Datum], in context: ExecutionContext, into targets: OutputTargets = .none,
        _ trace: RunTrace?, _ isLost: inout Bool
    ) throws(WeftError) -> [Value] {
        var underWay = Submissions(devices: planner.devices)
        do throws(WeftError) {
            let results = try execute(ready, data, context, targets, trace, &underWay)
            trace?.finish()
            return results
        } catch {
            // Devices may still work in the context's memory: no other run may have it before they are done.
            if error.code == .timeout, !underWay.isEmpty {
                context.leftBehind = underWay
            } else {
                isLost = underWay.settle() || error.code == .deviceLost
            }
            throw error
        }
    }

    /// Runs a body: by the plan that was placed with its caller if it fits the inputs, else through the plan cache.
    private func call(
        _ body: Graph, _ data: [Datum], of unit: Plan.UnitStep, _ step: Int, _ caller: ReadyPlan,
        _ context: ExecutionContext
    ) throws(WeftError) -> [Value] {
        guard let number = unit.bodies.firstIndex(where: { $0.fits(body, data) }) else { return try call(body, data) }
        let ready = try planner.plan(unit.bodies[number], of: caller)
        let trace = profiler.map { RunTrace($0, ready.plan, devices: planner.devices) }
        let child = try context.child(step: step, body: number, inputs: data.count, lends: unit.lends) {
            lent throws(WeftError) in
            let start = trace == nil ? 0 : HostClock.nanoseconds
            let child = try planner.context(ready, lent: lent)
            trace?.prepared(since: start)
            return child
        }
        var isLost = false
        defer { if isLost { context.drop(step: step, body: number) } }
        return try execute(ready, data, in: child, trace, &isLost)
    }

    private func execute(
        _ ready: ReadyPlan, _ data: [Datum], _ context: ExecutionContext, _ targets: OutputTargets,
        _ trace: RunTrace?, _ underWay: inout Submissions
    ) throws(WeftError) -> [Value] {
        let plan = ready.plan
        var inputs: [Value] = []
        inputs.reserveCapacity(data.count)
        for datum in data { inputs.append(try datum.value()) }
        let slots = Slots(
            count: plan.slotCount, budget: budget, targets: targets.direct(plan.outputSlots, inputs: inputs))
        for (slot, value) in zip(plan.inputSlots, inputs) { slots.set(slot, value) }
        let runContext = RunContext(values: slots, workers: workers)
        let times = times?.call(of: plan)
        for (number, step) in plan.steps.enumerated() {
            try workers.checkCancellation()
            let start = trace == nil && times == nil ? 0 : HostClock.nanoseconds
            defer {
                trace?.stepped(number, since: start)
                times?.note(number, since: start)
            }
            switch step {
            case .segment(let index):
                let segment = plan.segments[index]
                for prepared in segment.prepares {
                    slots.set(
                        prepared.slot, .tensor(try slots.tensor(prepared.slot, prepared.type, prepared.shape)))
                }
                let spans = trace?.submitting(index) ?? times?.submitting(index)
                let point = try context.bound[index].submit(
                    spans == nil ? runContext : RunContext(values: slots, workers: workers, spans: spans))
                if point != .done {
                    underWay.add(index, on: segment.device, point)
                    try underWay.wait(index, deadline: workers.deadline)
                }
                trace?.reached(index)
            case .submit(let index):
                let spans = trace?.submitting(index) ?? times?.submitting(index)
                let point = try context.bound[index].submit(
                    spans == nil ? runContext : RunContext(values: slots, workers: workers, spans: spans))
                underWay.add(index, on: plan.segments[index].device, point)
                if times?.waitsAtOnce == true { try underWay.wait(index, deadline: workers.deadline) }
            case .wait(let index):
                if times?.waitsAtOnce != true { try underWay.wait(index, deadline: workers.deadline) }
                trace?.reached(index)
            case .copyIn(let slot, let spot):
                if let source = slots.pointer(slot), let target = context.host(spot) {
                    target.copyMemory(from: source, byteCount: spot.bytes)
                }
            case .copyOut(let spot, let prepared):
                let tensor = try slots.tensor(prepared.slot, prepared.type, prepared.shape)
                if let source = context.host(spot), let target = tensor.storage.host {
                    target.copyMemory(from: source, byteCount: min(spot.bytes, tensor.storage.byteCount))
                }
                slots.set(prepared.slot, .tensor(tensor))
            case .copyAcross(let source, let target):
                if let from = context.host(source), let to = context.host(target) {
                    to.copyMemory(from: from, byteCount: min(source.bytes, target.bytes))
                }
            case .unit(let unit): try run(unit, slots, number, ready, context)
            case .release(let done): for slot in done { slots.release(slot) }
            }
        }
        var results: [Value] = []
        results.reserveCapacity(plan.outputs.count)
        for output in plan.outputs {
            switch output {
            case .slot(let slot): results.append(try slots.value(slot))
            case .constant(let constant): results.append(try constant.value())
            case .absent: throw WeftError(.internalInconsistency, "an output is absent")
            }
        }
        return try targets.place(results, names: outputNames)
    }

    private func run(
        _ unit: Plan.UnitStep, _ slots: Slots, _ step: Int, _ ready: ReadyPlan, _ context: ExecutionContext
    ) throws(WeftError) {
        var data: [Datum?] = []
        data.reserveCapacity(unit.inputs.count)
        for source in unit.inputs {
            switch source {
            case .absent: data.append(nil)
            case .constant(let constant): data.append(.constant(constant))
            case .slot(let slot): data.append(.value(try slots.value(slot)))
            }
        }
        let results: [Value?]
        switch unit.kind {
        case .planned: throw WeftError(.internalInconsistency, "a planned node is no unit of its own")
        case .dynamic(let node):
            results = try planner.reference.run(node, data, workers: workers, budget: budget)
        case .controlFlow(let node):
            let flow = ControlFlow(
                call: { body, inputs throws(WeftError) in try call(body, inputs, of: unit, step, ready, context) },
                budget: budget,
                checkCancellation: { () throws(WeftError) in try workers.checkCancellation() })
            results = try flow.run(node, data)
        case .region(let graph): results = try call(graph, data.compactMap { $0 })
        }
        for (slot, result) in zip(unit.outputs, results) {
            if let slot, let result { slots.set(slot, result) }
        }
    }
}
