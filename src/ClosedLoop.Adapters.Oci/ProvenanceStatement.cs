using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// An in-toto statement with SLSA provenance, v0.2 or v1, bare, in a DSSE envelope or in a Sigstore bundle. Its signature is not verified: it is a claim, as
/// a label is, and it counts only for the digests that it names.
/// </summary>
internal sealed record ProvenanceStatement(IReadOnlySet<string> Subjects, IReadOnlyList<RevisionClaim> Claims, DateTimeOffset? FinishedAt)
{
    private const string PredicatePrefix = "https://slsa.dev/provenance/v";
    private const int MaxSubjects = 1000, MaxMaterials = 1000;

    public static bool IsProvenance(string? predicateType) => predicateType?.StartsWith(PredicatePrefix, StringComparison.Ordinal) == true;

    /// <summary>Reads a statement, or null when it is something else.</summary>
    public static ProvenanceStatement? Read(ReadOnlyMemory<byte> body, int depth = 0)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, depth);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static ProvenanceStatement? Read(JsonElement root, int depth = 0)
    {
        if (depth > 2) return null;
        if (root.Member("dsseEnvelope") is { } bundled) return Read(bundled, depth + 1);
        if (root.Text("payload") is { } payload)
        {
            if (root.Text("payloadType") != MediaTypes.InToto) return null;
            byte[] bytes = new byte[payload.Length];
            return Convert.TryFromBase64String(payload, bytes, out int length) ? Read(bytes.AsMemory(0, length), depth + 1) : null;
        }
        if (root.Text("_type")?.StartsWith("https://in-toto.io/Statement/", StringComparison.Ordinal) != true || !IsProvenance(root.Text("predicateType"))) return null;
        var subjects = root.Elements("subject").Take(MaxSubjects).Select(static s => Digest.Read("sha256:" + s.Text("digest", "sha256")))
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (subjects.Count == 0 || root.Member("predicate") is not { ValueKind: JsonValueKind.Object } predicate) return null;
        return predicate.Member("buildDefinition") is { } definition
            ? new ProvenanceStatement(subjects, ClaimsOfV1(definition, predicate), predicate.Member("runDetails", "metadata")?.Time("finishedOn"))
            : new ProvenanceStatement(subjects, ClaimsOfV02(predicate), predicate.Member("metadata")?.Time("buildFinishedOn"));
    }

    /// <summary>
    /// The claim that counts: of the materials those of the configured repository, else what the build was configured from. Several commits of one repository
    /// say nothing.
    /// </summary>
    public RevisionClaim? ClaimFor(RepositoryRule rule)
    {
        var candidates = rule.GitRepository is { } git ? Claims.Where(c => GitRemote.Matches(c.Source, git)) : Claims.Take(1);
        var revisions = candidates.DistinctBy(static c => c.Revision.ToLowerInvariant()).Take(2).ToList();
        return revisions.Count == 1 ? revisions[0] : null;
    }

    private static List<RevisionClaim> ClaimsOfV1(JsonElement definition, JsonElement predicate)
    {
        var claims = new List<RevisionClaim>();
        Add(claims, definition.Member("externalParameters", "configSource"), isSource: true);
        Add(claims, definition.Member("externalParameters", "source"), isSource: true);
        foreach (var dependency in definition.Elements("resolvedDependencies").Take(MaxMaterials)) Add(claims, dependency, isSource: false);
        AddCheckout(claims, predicate.Member("runDetails", "metadata", "buildkit_metadata", "vcs"));
        return claims;
    }

    private static List<RevisionClaim> ClaimsOfV02(JsonElement predicate)
    {
        var claims = new List<RevisionClaim>();
        Add(claims, predicate.Member("invocation", "configSource"), isSource: true);
        foreach (var material in predicate.Elements("materials").Take(MaxMaterials)) Add(claims, material, isSource: false);
        AddCheckout(claims, predicate.Member("metadata", "https://mobyproject.org/buildkit@v1#metadata", "vcs"));
        return claims;
    }

    private static void Add(List<RevisionClaim> claims, JsonElement? material, bool isSource)
    {
        if (material is not { } found || found.Text("uri") is not { } uri) return;
        string? revision = found.Text("digest", "gitCommit") ?? (isSource || IsGit(uri) ? found.Text("digest", "sha1") : null);
        if (revision is not null && GitRemote.NameOf(uri) is not null) claims.Add(new RevisionClaim(revision, uri, CommitClaim.Provenance));
    }

    // BuildKit notes the checkout that it was started in; "-dirty" is part of the revision then.
    private static void AddCheckout(List<RevisionClaim> claims, JsonElement? vcs)
    {
        if (claims.Count == 0 && vcs is { } found && found.Text("revision") is { Length: > 0 } revision && found.Text("source") is { } source) claims.Add(new RevisionClaim(revision, source, CommitClaim.Provenance));
    }

    private static bool IsGit(string uri) =>
        uri.StartsWith("git+", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("git@", StringComparison.Ordinal) || uri.StartsWith("git:", StringComparison.OrdinalIgnoreCase) ||
        uri.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) || uri.Contains(".git", StringComparison.OrdinalIgnoreCase);
}
