using System.Globalization;
using System.Text.Json;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Exporting;

/// <summary>A register, the newest fact of one subject, kind and writer.</summary>
internal sealed record FactRow
{
    public required string Subject { get; init; }

    public required string Kind { get; init; }

    public required string Writer { get; init; }

    public required string Ordinal { get; init; }

    public required string Status { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public string? Name { get; init; }

    public string? Environment { get; init; }

    public string? Revision { get; init; }

    public string? Detail { get; init; }

    public EvidenceBody? Evidence { get; init; }

    public required IReadOnlyList<string> Links { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public static FactRow Of(Fact fact) => new()
    {
        Subject = fact.Subject.ToString(),
        Kind = fact.Kind,
        Writer = fact.Writer.ToString(),
        Ordinal = fact.Ordinal.ToString(),
        Status = JsonNamingPolicy.CamelCase.ConvertName(fact.Status.ToString()),
        Reason = JsonNamingPolicy.CamelCase.ConvertName(fact.Reason.ToString()),
        OccurredAt = fact.OccurredAt,
        Name = fact.Name,
        Environment = fact.Environment,
        Revision = fact.Revision,
        Detail = fact.Detail,
        Evidence = EvidenceBody.Of(fact.Evidence),
        Links = [.. fact.Links.Select(static l => l.ToString())],
        Attributes = fact.Attributes,
    };
}
