using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>One thing that every adapter does.</summary>
/// <param name="Name">A sentence that says what; unique.</param>
/// <param name="Run">Checks it; throws <see cref="ConformanceException"/> when the adapter does otherwise.</param>
public sealed record AdapterCase(string Name, Func<AdapterExample, Task> Run)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
