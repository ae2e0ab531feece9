using ClosedLoop.AspNetCore.Api;

namespace ClosedLoop.Cli.Writing;

/// <summary>What the API takes for a fact.</summary>
internal sealed record FactRequest(string Gate, string Status, string? Reason, string? Detail, EvidenceBody? Evidence);
