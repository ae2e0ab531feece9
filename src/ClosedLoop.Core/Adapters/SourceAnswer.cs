using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ClosedLoop.Adapters;

/// <summary>What a source answered to one request.</summary>
public sealed record SourceAnswer
{
    /// <summary>How it went.</summary>
    public required SourceAnswerKind Kind { get; init; }

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int StatusCode { get; init; }

    /// <summary>The body of an answer of <see cref="SourceAnswerKind.Found"/>, and of a refusal when <see cref="SourceClient.ReadsRefusals"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The answer's headers, or null when there was none.</summary>
    public HttpResponseHeaders? Headers { get; init; }

    /// <summary>The body's media type, or null.</summary>
    public string? MediaType { get; init; }

    /// <summary>When to ask again at the earliest, as the source said; for a limit of the rate always set.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>What happened, for outcomes other than found: one sentence for an operator, without addresses or secrets.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the answer was larger than the client reads: it is this one thing that cannot be read, and asking again does not help.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>Whether it says something about the thing that was asked for.</summary>
    public bool IsReached => Kind is SourceAnswerKind.Found or SourceAnswerKind.Unchanged or SourceAnswerKind.Missing;

    /// <summary>Parses the body; the caller disposes of the document.</summary>
    /// <returns>False when the body is no JSON, as a login page is.</returns>
    public bool TryParse([NotNullWhen(true)] out JsonDocument? json)
    {
        try
        {
            json = JsonDocument.Parse(Body);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    /// <summary>A failed answer as a probe's result, with what was read before.</summary>
    public ProbeResult ToProbeResult(IEnumerable<Facts.Fact> facts, int calls) => new()
    {
        Outcome = Kind == SourceAnswerKind.RateLimited ? ProbeOutcome.RateLimited : IsReached ? ProbeOutcome.Reached : ProbeOutcome.Unreachable,
        Facts = [.. facts],
        Calls = calls,
        Detail = Detail,
        RetryAt = RetryAt,
    };
}
