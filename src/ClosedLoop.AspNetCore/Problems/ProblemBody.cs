namespace ClosedLoop.AspNetCore.Problems;

/// <summary>Problem details, RFC 9457.</summary>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail);
