namespace ClosedLoop.Lines;

/// <summary>One branch of a repository as far as the record knows it.</summary>
public sealed record LineSummary
{
    /// <summary>The repository, <c>owner/name</c>, in lower case.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The newest commit that a source named.</summary>
    public required string Head { get; init; }

    /// <summary>When the branch came to stand there, by the source's clock.</summary>
    public required DateTimeOffset HeadAt { get; init; }

    /// <summary>
    /// The newest commit from which history is known; everything here is told from it on. Not the head while the history between them is missing; null when none is
    /// known, and then nothing is told.
    /// </summary>
    public string? KnownHead { get; init; }

    /// <summary>Whether it is red or green, for each gate that counts by commit (main CI, images), in the pipeline's order. Without gates of which there is no evidence.</summary>
    public IReadOnlyList<LineGate> Gates { get; init; } = [];
}
