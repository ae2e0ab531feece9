using System.Collections.Immutable;

namespace ClosedLoop.Pipelines;

/// <summary>
/// When an item is done: the set of gates that must hold. DONE is derived from gate evidence, never written; the definition is
/// stored with each completion, since history under another definition is not comparable (mission/002).
/// </summary>
/// <param name="Name">A short name, kept with each completion.</param>
/// <param name="Gates">The gates that must hold; at least one.</param>
public sealed record DoneDefinition(string Name, ImmutableArray<string> Gates)
{
    /// <inheritdoc/>
    public bool Equals(DoneDefinition? other) => other is not null && Name == other.Name && Gates.AsSpan().SequenceEqual(other.Gates.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Gates.Length);
}
