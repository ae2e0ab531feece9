namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// Reads one image with all its digests: index, platforms' manifests, configurations; and, where none of them names a commit, its provenance. Everything is
/// verified by its digest, and limited in number and depth.
/// </summary>
internal sealed class ImageReader(OciSettings settings, RegistryClient client, ImageFacts facts, RegistryMemory memory, CallBudget budget, List<string> diagnostics)
{
    private const int MaxDepth = 3, MaxManifests = 64, MaxAttestations = 16;

    /// <summary>Reads an image by tag or digest. A set without facts is no image.</summary>
    public async Task<ReadOutcome<ImageSet>> ReadAsync(RepositoryRule rule, string reference, CancellationToken cancellationToken)
    {
        string? expected = Digest.Read(reference);
        var answer = await client.ManifestAsync(rule, reference, budget, cancellationToken).ConfigureAwait(false);
        var root = Content.Of(answer, $"{rule.Name}: the manifest {SourceText.Quote(reference)}", expected);
        if (root.Value is not { } content) return new ReadOutcome<ImageSet>(null, root.Problem, root.Failure);
        if (memory.Find(rule, content.Digest) is { } known) return ReadOutcome<ImageSet>.Of(known);
        var image = new ImageReading(rule);
        var failure = await AddAsync(image, content, null, 0, cancellationToken).ConfigureAwait(false);
        if (failure is null && image.HasImage && settings.ReadProvenance && !image.NamesCommit) failure = await AddProvenanceAsync(image, content.Digest, cancellationToken).ConfigureAwait(false);
        if (failure is not null) return ReadOutcome<ImageSet>.Failed(failure);
        if (!image.HasImage) return ReadOutcome<ImageSet>.Of(new ImageSet(rule.Name, content.Digest, []));
        return ReadOutcome<ImageSet>.Of(ImageSet.Of(rule, content.Digest, image.Nodes, facts, diagnostics));
    }

    private async Task<SourceAnswer?> AddAsync(ImageReading image, Content content, ImageNode? parent, int depth, CancellationToken cancellationToken)
    {
        if (content.Read(root => Manifest.Read(root, settings.BuildLabel)) is not { } manifest)
        {
            diagnostics.Add($"{image.Rule.Name}: the manifest {content.Digest[..19]}… is not JSON and says nothing");
            return null;
        }
        if (manifest.Kind == ManifestKind.Image) return await AddImageAsync(image, content.Digest, manifest, parent, cancellationToken).ConfigureAwait(false);
        if (manifest.Kind == ManifestKind.Other) return null;
        var node = image.Node(content.Digest, parent);
        node.Add(manifest.Annotations);
        if (depth >= MaxDepth)
        {
            diagnostics.Add($"{image.Rule.Name}: the index {content.Digest[..19]}… lies deeper than {MaxDepth} indexes and was not read further");
            return null;
        }
        foreach (var child in manifest.Children)
        {
            if (child.IsAttestation || child.IsUnknownPlatform)
            {
                image.Attestations.Add(child);
                continue;
            }
            if (!image.IsFirst(child.Digest))
            {
                // Known already: it is only one more place that it is in.
                if (image.Find(child.Digest) is { } known && known != node) image.Node(known.Digest, node);
                continue;
            }
            if (image.Manifests++ >= MaxManifests)
            {
                diagnostics.Add($"{image.Rule.Name}: the index {content.Digest[..19]}… has more than {MaxManifests} manifests; the rest was not read");
                return null;
            }
            var (found, failure) = await ManifestAsync(image.Rule, child, cancellationToken).ConfigureAwait(false);
            failure ??= found is null ? null : await AddAsync(image, found, node, depth + 1, cancellationToken).ConfigureAwait(false);
            if (failure is not null) return failure;
        }
        node.CreatedAt = image.Nodes.Where(n => n.Parents.Contains(node.Digest)).Max(static n => n.CreatedAt) ?? node.CreatedAt;
        return null;
    }

    private async Task<SourceAnswer?> AddImageAsync(ImageReading image, string digest, Manifest manifest, ImageNode? parent, CancellationToken cancellationToken)
    {
        var node = image.Node(digest, parent);
        node.Add(manifest.Annotations);
        image.HasImage = true;
        var config = image.Node(manifest.Config!.Digest, node, node);
        var (content, failure) = await BlobAsync(image.Rule, manifest.Config, "configuration", cancellationToken).ConfigureAwait(false);
        if (failure is not null) return failure;
        if (content?.Read(root => ImageConfig.Read(root, settings.BuildLabel)) is not { } labels) return null;
        node.Add(labels);
        node.CreatedAt = config.CreatedAt = labels.CreatedAt ?? node.CreatedAt;
        if (labels.Build is { } build) config.Builds.Add(build);
        return null;
    }

    private async Task<SourceAnswer?> AddProvenanceAsync(ImageReading image, string root, CancellationToken cancellationToken)
    {
        foreach (var attestation in image.Attestations.Take(MaxAttestations))
            if (await AddStatementsAsync(image, attestation, cancellationToken).ConfigureAwait(false) is { } failure) return failure;
        if (image.NamesCommit) return null;
        var answer = await client.ReferrersAsync(image.Rule, root, budget, cancellationToken).ConfigureAwait(false);
        // Registries without the API keep the same list under a tag (OCI distribution specification, referrers tag schema).
        if (answer.Kind == SourceAnswerKind.Missing && root.StartsWith("sha256:", StringComparison.Ordinal))
            answer = await client.ManifestAsync(image.Rule, root.Replace(':', '-'), budget, cancellationToken).ConfigureAwait(false);
        var list = Content.Of(answer, $"{image.Rule.Name}: the referrers of {root[..19]}…", null);
        if (list.Failure is { } down) return down;
        if (list.Problem is { } problem) diagnostics.Add(problem);
        if (list.Value?.Read(static r => Manifest.Read(r, null)) is not { Kind: ManifestKind.Index } referrers) return null;
        foreach (var referrer in referrers.Children.Where(static c => MediaTypes.IsAttachment(c.ArtifactType)).Take(MaxAttestations))
            if (await AddStatementsAsync(image, referrer, cancellationToken).ConfigureAwait(false) is { } failure) return failure;
        return null;
    }

    private async Task<SourceAnswer?> AddStatementsAsync(ImageReading image, Descriptor attestation, CancellationToken cancellationToken)
    {
        var (content, failure) = await ManifestAsync(image.Rule, attestation, cancellationToken).ConfigureAwait(false);
        if (content?.Read(static r => Manifest.Read(r, null)) is not { } manifest) return failure;
        foreach (var layer in manifest.Layers.Where(static l => MediaTypes.IsAttachment(l.MediaType) && (l.PredicateType is null || ProvenanceStatement.IsProvenance(l.PredicateType))).Take(MaxAttestations))
        {
            (content, failure) = await BlobAsync(image.Rule, layer, "provenance", cancellationToken).ConfigureAwait(false);
            if (failure is not null) return failure;
            if (content is null || ProvenanceStatement.Read(content.Body) is not { } statement) continue;
            // It counts for what it names, not for what it hangs on.
            foreach (var node in image.Nodes.Where(n => n.ClaimsOf is null && statement.Subjects.Contains(n.Digest)))
            {
                if (statement.ClaimFor(image.Rule) is { } claim) node.Claims.Add(claim);
                node.CreatedAt ??= ImageLabels.Plausible(statement.FinishedAt);
            }
        }
        return null;
    }

    private async Task<(Content? Content, SourceAnswer? Failure)> ManifestAsync(RepositoryRule rule, Descriptor descriptor, CancellationToken cancellationToken) =>
        Take(await client.ManifestAsync(rule, descriptor.Digest, budget, cancellationToken).ConfigureAwait(false), rule, descriptor, "manifest");

    private async Task<(Content? Content, SourceAnswer? Failure)> BlobAsync(RepositoryRule rule, Descriptor descriptor, string what, CancellationToken cancellationToken)
    {
        if (descriptor.Size > RegistryClient.MaxAnswerBytes)
        {
            diagnostics.Add($"{rule.Name}: the {what} {descriptor.Digest[..19]}… has {descriptor.Size} bytes and was not read");
            return default;
        }
        return Take(await client.BlobAsync(rule, descriptor.Digest, budget, cancellationToken).ConfigureAwait(false), rule, descriptor, what);
    }

    private (Content? Content, SourceAnswer? Failure) Take(SourceAnswer answer, RepositoryRule rule, Descriptor descriptor, string what)
    {
        var outcome = Content.Of(answer, $"{rule.Name}: the {what} {descriptor.Digest[..19]}…", descriptor.Digest);
        if (outcome.Problem is { } problem) diagnostics.Add(problem);
        if (outcome.IsMissing) diagnostics.Add($"{rule.Name}: the {what} {descriptor.Digest[..19]}… is not in the registry");
        return (outcome.Value, outcome.Failure);
    }
}
