namespace ClosedLoop.Storage;

/// <summary>What the store knows of pipelines from before.</summary>
public sealed record PipelineHistory
{
    /// <summary>When gates joined a pipeline that existed before, by pipeline and gate. Gates of a pipeline's first version are not in it.</summary>
    public required IReadOnlyDictionary<(string Pipeline, string Gate), DateTimeOffset> IntroducedAt { get; init; }

    /// <summary>Pipelines whose signature differs from the confirmed one: their items must be folded again.</summary>
    public required IReadOnlyCollection<string> Changed { get; init; }
}
