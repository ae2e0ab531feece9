using System.Collections.Immutable;

namespace ClosedLoop.Pipelines;

/// <summary>
/// A pipeline as data: gates in order and the DONE definition. Teams add gates to a running system by changing it.
/// Built by <see cref="PipelineBuilder"/>; immutable and safe to share.
/// </summary>
public sealed record PipelineDefinition
{
    /// <summary>The pipeline's name; <c>delivery</c> by default.</summary>
    public required string Name { get; init; }

    /// <summary>The gates, in the order of delivery.</summary>
    public required ImmutableArray<GateDefinition> Gates { get; init; }

    /// <summary>When an item is done.</summary>
    public required DoneDefinition Done { get; init; }

    /// <summary>Alert when an item is not done this long after its merge. Null: never. Needs the gate <see cref="Gates.Merged"/>.</summary>
    public TimeSpan? DoneWithin { get; init; }

    /// <summary>Finds a gate by name, or null.</summary>
    public GateDefinition? Find(string gate)
    {
        foreach (var definition in Gates)
            if (definition.Name == gate)
                return definition;
        return null;
    }

    /// <summary>The default pipeline of mission/002, with DONE definition B.</summary>
    public static PipelineDefinition Default { get; } = new PipelineBuilder("delivery").UseDefaultGates().Build();

    /// <summary>By value.</summary>
    public bool Equals(PipelineDefinition? other) =>
        other is not null && Name == other.Name && Done.Equals(other.Done) && Signature == other.Signature;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Signature);

    /// <summary>A text that changes exactly when a rule of the pipeline changes: stored with items to see which must be folded again.</summary>
    internal string Signature => string.Join('\n', Gates.Select(g => string.Join('|',
        g.Name, string.Join(',', g.Signals.OrEmpty()), string.Join(',', g.Writers.OrEmpty()), g.AllowsPersons, g.Rule, string.Join(',', g.Names.OrEmpty()),
        g.Coverage, string.Join(',', g.Lines.OrEmpty()), g.Soak, string.Join(',', g.ExemptPaths.OrEmpty()), g.AtLeast, string.Join(',', g.Environments.OrEmpty()), g.BoundToHead, g.AfterPrevious, g.StartWithin, g.FinishWithin, g.Buffer,
        g.IntroducedAt?.ToUnixTimeMilliseconds()) + Overrides(g))) + "\n" + Done.Name + ":" + string.Join(',', Done.Gates) + (DoneWithin is { } limit ? $"\nwithin:{limit}" : "");

    // Names are quoted: they are free text.
    private static string Overrides(GateDefinition gate) => string.Concat(gate.LimitOverrides.OrEmpty().Select(static o =>
        $"|for:{Quoted(o.Repository)},{Quoted(o.Priority)},{o.StartWithin},{o.FinishWithin},{o.Buffer}"));

    private static string Quoted(string? name) => name is null ? "" : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
