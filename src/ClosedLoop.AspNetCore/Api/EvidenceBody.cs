namespace ClosedLoop.AspNetCore.Api;

internal sealed record EvidenceBody(string? Url, string? Label)
{
    /// <summary>Null without an address and a label; an address that is not http(s) must not become a link.</summary>
    public static EvidenceBody? Of(Facts.Evidence? evidence)
    {
        var safe = evidence is null ? null : Facts.Evidence.From(evidence.Url?.OriginalString, evidence.Label);
        return safe is null or { Url: null, Label: null } ? null : new EvidenceBody(safe.Url?.AbsoluteUri, safe.Label);
    }
}
