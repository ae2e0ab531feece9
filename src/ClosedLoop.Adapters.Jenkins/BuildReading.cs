using System.Collections.Immutable;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>What one look at a build showed, in the same form whichever way it came.</summary>
internal sealed record BuildReading
{
    public required JobRule Job { get; init; }

    public required long Number { get; init; }

    public required BuildStage Stage { get; init; }

    /// <summary>Jenkins' result, of a finished build.</summary>
    public string? Result { get; init; }

    /// <summary>When it came to this stage, in Unix milliseconds by Jenkins' clock.</summary>
    public long? Timestamp { get; init; }

    /// <summary>The commit of the configured repository that was built.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether it is a replay, whose script may not be the repository's.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What the pipeline's stages add to a running build; null when nothing.</summary>
    public StageReading? Stages { get; init; }

    /// <summary>
    /// <see cref="Revision"/> and the commits of the build's change log. They tell which builds are worth reading for a commit, and nothing
    /// about what the build says of it.
    /// </summary>
    public ImmutableSortedSet<string> Commits { get; init; } = [];
}
