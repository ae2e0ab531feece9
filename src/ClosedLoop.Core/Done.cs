using ClosedLoop.Pipelines;

namespace ClosedLoop;

/// <summary>The three definitions of DONE of mission/002, each strictly stronger than the one before, and custom ones.</summary>
public static class Done
{
    /// <summary>A: the change is on the target branch.</summary>
    public static DoneDefinition Merged { get; } = new("A", [Gates.Merged]);

    /// <summary>B, the default: A, and CI on the target branch is green for it.</summary>
    public static DoneDefinition MergedAndMainGreen { get; } = new("B", [Gates.Merged, Gates.MainCi]);

    /// <summary>C: B, and its image is built and rolled out.</summary>
    public static DoneDefinition RolledOut { get; } = new("C", [Gates.Merged, Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut]);

    /// <summary>The limit case: C, and verified healthy after the rollout.</summary>
    public static DoneDefinition Healthy { get; } = new("healthy", [Gates.Merged, Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy]);

    /// <summary>The team's own set of gates.</summary>
    /// <exception cref="ArgumentException">No gate is named.</exception>
    public static DoneDefinition When(string name, params string[] gates) =>
        gates.Length > 0 ? new DoneDefinition(name, [.. gates]) : throw new ArgumentException("A DONE definition needs at least one gate: without evidence nothing is done.", nameof(gates));
}
