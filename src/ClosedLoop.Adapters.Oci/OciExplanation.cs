using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>What ClosedLoop makes of a file that a registry sent or answered with, by what the file itself says.</summary>
internal sealed class OciExplanation
{
    private const int MaxElements = 10_000;

    private readonly ImageFacts _facts = new(OciAdapter.Writer, null);
    private readonly List<Fact> _found = [];
    private readonly HashSet<(string Repository, string? Tag, string Digest)> _pushes = [];
    private readonly List<string> _ignored = [];
    private readonly List<string> _diagnostics = [];
    private readonly SortedDictionary<string, object> _summary = new(StringComparer.Ordinal);

    public static PayloadExplanation Of(ReadOnlyMemory<byte> input, string? eventName)
    {
        var explanation = new OciExplanation();
        var parts = new List<ReadOnlyMemory<byte>>();
        if (!Split(input, parts)) explanation._ignored.Add(parts.Count == 0 ? "it is not JSON" : $"what comes after value {parts.Count} is not JSON");
        // A manifest's digest is that of the whole file, with all its white space.
        if (parts.Count == 1) parts[0] = input;
        foreach (var part in parts) explanation.AddValue(part, eventName);
        return PayloadExplanation.Of(explanation._found) with
        {
            Ignored = [.. explanation._ignored],
            Diagnostics = [.. explanation._diagnostics.Distinct(StringComparer.Ordinal)],
            Summary = explanation._summary.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    // One value, or one after the other as in a log with a line for each delivery. False when something else is between or after them.
    private static bool Split(ReadOnlyMemory<byte> input, List<ReadOnlyMemory<byte>> parts)
    {
        var reader = new Utf8JsonReader(input.Span, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (parts.Count < MaxElements && reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                parts.Add(input[start..(int)reader.BytesConsumed]);
            }
            return parts.Count > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void AddValue(ReadOnlyMemory<byte> bytes, string? eventName)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            _ignored.Add("it is not JSON");
            return;
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array)
            {
                // A recorded delivery.
                if (root.Member("headers") is { ValueKind: JsonValueKind.Object } && root.Member("body") is { ValueKind: JsonValueKind.Object } body) Add(body, Raw(body), eventName);
                else Add(root, bytes, eventName);
                return;
            }
            foreach (var element in root.EnumerateArray().Take(MaxElements)) Add(element, Raw(element), eventName);
            if (root.GetArrayLength() > MaxElements) _ignored.Add($"more than {MaxElements} elements; the rest was not read");
        }
    }

    private static byte[] Raw(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    private void Add(JsonElement root, ReadOnlyMemory<byte> bytes, string? eventName)
    {
        if (root.ValueKind != JsonValueKind.Object) _ignored.Add("it is no JSON object");
        else if (eventName is "package" or "registry_package" or "ping" || GhcrPayload.IsOne(root)) Add(GhcrPayload.Read(root, eventName, null));
        else if (DistributionPayload.IsOne(root)) Add(DistributionPayload.Read(root));
        else if (HarborPayload.IsOne(root)) Add(HarborPayload.Read(root));
        else if (root.Text("_type") is not null || root.Text("payloadType") is not null || root.Member("dsseEnvelope") is not null) AddStatement(root);
        else if (ImageConfig.IsOne(root)) AddConfig(root, bytes);
        else if (root.Member("schemaVersion") is not null || root.Member("manifests") is not null || root.Member("layers") is not null) AddManifest(root, bytes);
        else _ignored.Add("it is no notification, no event of Harbor or GitHub, and no manifest, index or configuration");
    }

    private void Add(PushReading reading)
    {
        foreach (var image in reading.Images)
        {
            if (_pushes.Add((image.Repository, image.Tag, image.Digest))) _found.Add(_facts.Announced(RuleOf(image.Repository), image));
            else _ignored.Add($"push of {image.Digest}: the same image under the same tag again");
        }
        _ignored.AddRange(reading.Ignored);
        _ignored.AddRange(reading.Problems.Select(static p => "malformed: " + p));
    }

    private void AddManifest(JsonElement root, ReadOnlyMemory<byte> bytes)
    {
        var manifest = Manifest.Read(root, null);
        string digest = Digest.Of(bytes.Span);
        if (manifest.Kind == ManifestKind.Other)
        {
            _ignored.Add($"{digest}: {manifest.Why}");
            return;
        }
        var image = new ImageReading(RuleOf(""));
        var node = image.Node(digest, null);
        node.Add(manifest.Annotations);
        _summary["digest"] = digest;
        if (manifest.Kind == ManifestKind.Image) image.Node(manifest.Config!.Digest, node, node);
        foreach (var child in manifest.Children)
        {
            if (child.IsAttestation || child.IsUnknownPlatform) _ignored.Add($"{child.Digest}: an attestation, which no machine runs");
            else image.Node(child.Digest, node);
        }
        Finish(image, digest, manifest.Annotations);
    }

    private void AddConfig(JsonElement root, ReadOnlyMemory<byte> bytes)
    {
        var labels = ImageConfig.Read(root, null);
        string digest = Digest.Of(bytes.Span);
        var image = new ImageReading(RuleOf(""));
        image.Node(digest, null).Add(labels);
        _summary["digest"] = digest;
        Finish(image, digest, labels);
    }

    private void Finish(ImageReading image, string root, ImageLabels labels)
    {
        if (labels.Claim is { } claim)
        {
            _summary["revision"] = claim.Revision;
            if (claim.Source is { } source) _summary["source"] = source;
        }
        _found.AddRange(ImageSet.Of(image.Rule, root, image.Nodes, _facts, _diagnostics).Facts);
    }

    private void AddStatement(JsonElement root)
    {
        if (ProvenanceStatement.Read(root) is not { } statement)
        {
            _ignored.Add("it is no in-toto statement with SLSA provenance and subjects that have a sha256 digest");
            return;
        }
        _ignored.Add("a provenance says what an image was built from, not that it is in a registry; its signature is not verified, so that it is a claim");
        _summary["subjects"] = statement.Subjects.Order(StringComparer.Ordinal).ToImmutableArray();
        if (statement.ClaimFor(RuleOf("")) is not { } claim) return;
        _summary["revision"] = claim.Revision;
        _summary["source"] = claim.Source!;
        if (claim.Resolve(RuleOf(""), _diagnostics) is { } commit) _summary["commit"] = commit.Commit.ToString();
    }

    private static RepositoryRule RuleOf(string name) => new(0, name, null, false);
}
