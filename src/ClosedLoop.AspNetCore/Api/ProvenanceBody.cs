using ClosedLoop.Items;

namespace ClosedLoop.AspNetCore.Api;

internal sealed record ProvenanceBody(string? Agent, string? Model, string? Session, int? Iteration, string? PromptDigest)
{
    public static ProvenanceBody? Of(Provenance? provenance) =>
        provenance is null ? null : new ProvenanceBody(provenance.Agent, provenance.Model, provenance.Session, provenance.Iteration, provenance.PromptDigest);
}
