using ClosedLoop.Pipelines;

namespace ClosedLoop.Cli.Targets;

/// <summary>The record that a command works on.</summary>
internal sealed record Target
{
    /// <summary>The store; null for a service.</summary>
    public StoreAddress? Store { get; init; }

    /// <summary>The service's address, ending with a slash; null for a store.</summary>
    public Uri? Url { get; init; }

    /// <summary>The token for a service; null without one.</summary>
    public string? Token { get; init; }

    /// <summary>The pipeline that is assumed for a store.</summary>
    public PipelineDefinition Pipeline { get; init; } = PipelineDefinition.Default;

    /// <summary>Where the pipeline comes from, for people.</summary>
    public string PipelineOrigin { get; init; } = "the default gates (give --config FILE for a service's own)";

    public override string ToString() => Url?.ToString() ?? Store!.ToString();
}
