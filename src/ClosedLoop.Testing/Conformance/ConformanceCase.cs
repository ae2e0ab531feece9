using ClosedLoop.Storage;

namespace ClosedLoop.Testing.Conformance;

/// <summary>One thing that every store does.</summary>
/// <param name="Name">A sentence that says what; unique.</param>
/// <param name="Run">Checks it on an empty, initialized store; throws <see cref="ConformanceException"/> when the store does otherwise.</param>
public sealed record ConformanceCase(string Name, Func<ILoopStore, Task> Run)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
