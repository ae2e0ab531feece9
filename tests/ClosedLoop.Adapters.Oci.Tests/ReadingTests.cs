using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>What the probe makes of one image.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private FakeRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await FakeRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task A_label_names_the_commit_of_the_manifest_and_of_the_configuration()
    {
        var (manifest, config) = _registry.AddImage(Given.Sha('a'), Given.Source, "v1");
        var result = await ReachedAsync();
        var fact = result.Of(manifest);
        Assert.Equal([Given.Commit('a')], fact.Links);
        Assert.Equal((GateStatus.Passed, new Ordinal(0, 0, 5), Given.Built), (fact.Status, fact.Ordinal, fact.OccurredAt));
        Assert.Equal(("label", Given.GitRepository, Given.ImageRepository), (fact.Attribute("revision_from"), fact.Attribute(FactAttributes.Repository), fact.Attribute("image_repository")));
        Assert.Equal([Given.Commit('a'), Key.Image(manifest)], result.Of(config).Links);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(3, result.Calls);
    }

    [Fact]
    public async Task An_annotation_names_the_commit()
    {
        var (manifest, config) = _registry.AddImage(null, tag: "v1", change: static m => m["annotations"] = new JsonObject { ["org.opencontainers.image.revision"] = Given.Sha('a').ToUpperInvariant() });
        var result = await ReachedAsync();
        Assert.Equal([Given.Commit('a')], result.Of(manifest).Links);
        Assert.Equal("annotation", result.Of(manifest).Attribute("revision_from"));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(config));
    }

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    [InlineData("index")]
    [InlineData("config")]
    public async Task An_image_runs_under_any_digest_of_its_set(string which)
    {
        var (amd64, config) = _registry.AddImage(Given.Sha('a'), tag: null, salt: "1");
        var (arm64, _) = _registry.AddImage(null, salt: "2");
        string index = _registry.AddIndex([FakeRegistry.Child(amd64), FakeRegistry.Child(arm64, "arm64")], "v1");
        var result = await ReachedAsync();
        string digest = which switch { "amd64" => amd64, "arm64" => arm64, "config" => config, _ => index };
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(digest));
        Assert.Equal(5, result.Facts.Length);
        Assert.Contains(Key.Image(index), result.Of(amd64).Links);
        Assert.Contains(Key.Image(amd64), result.Of(config).Links);
    }

    [Fact]
    public async Task Platforms_that_name_different_commits_are_each_of_their_own_and_the_index_is_of_none()
    {
        var (amd64, config) = _registry.AddImage(Given.Sha('a'), salt: "1");
        var (arm64, _) = _registry.AddImage(Given.Sha('b'), salt: "2");
        string index = _registry.AddIndex([FakeRegistry.Child(amd64), FakeRegistry.Child(arm64, "arm64")], "v1");
        var result = await ReachedAsync();
        Assert.Empty(result.Facts.CommitsOf(index));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(amd64));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(config));
        Assert.Equal([Given.Commit('b')], result.Facts.CommitsOf(arm64));
        Assert.Contains("2 different commits", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-dirty")]
    [InlineData("main")]
    [InlineData("v1.2.3")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggg")]
    public async Task A_revision_that_is_no_full_commit_id_counts_for_no_commit(string revision)
    {
        var (manifest, _) = _registry.AddImage(revision, Given.Source, Given.Sha('a'));
        var result = await ReachedAsync();
        Assert.Empty(result.Facts.CommitsOf(manifest));
        Assert.Equal(new Ordinal(0, 0, 3), result.Of(manifest).Ordinal);
        Assert.Contains("no full commit id", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_that_were_inherited_from_the_base_image_are_not_believed()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), "https://git.acme.example/library/base", "v1");
        var result = await ReachedAsync();
        Assert.Empty(result.Facts.CommitsOf(manifest));
        Assert.Contains("inherited", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://git.acme.example/acme/shop.git", true)]
    [InlineData("git@git.acme.example:acme/shop.git", true)]
    [InlineData("https://git.acme.example/scm/acme/shop/", true)]
    [InlineData("https://git.acme.example/acme/shop-old", false)]
    [InlineData("https://git.acme.example/xacme/shop", false)]
    public async Task The_source_label_may_have_any_form_of_the_repositorys_address(string source, bool isThat)
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), source, "v1");
        Assert.Equal(isThat ? 1 : 0, (await ReachedAsync()).Facts.CommitsOf(manifest).Count);
    }

    [Fact]
    public async Task Without_a_configured_repository_the_source_label_says_it()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), Given.Source + ".git", "v1");
        var (silent, _) = _registry.AddImage(Given.Sha('b'), null, "v2");
        var result = await ReachedAsync(static o => o.Repositories[0].GitRepository = null);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.Empty(result.Facts.CommitsOf(silent));
        Assert.Contains("Oci:Repositories:0:GitRepository", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_is_a_commit_id_says_nothing()
    {
        var (manifest, _) = _registry.AddImage(null, tag: Given.Sha('a'));
        Assert.Empty((await ReachedAsync()).Facts.CommitsOf(manifest));
    }

    [Fact]
    public async Task The_build_that_a_label_names_is_linked()
    {
        var (manifest, _) = _registry.AddImage(null, tag: "v1", labels: new JsonObject { ["org.acme.build"] = "https://ci.acme.example/job/web/7/" });
        var (odd, _) = _registry.AddImage(null, tag: "v2", labels: new JsonObject { ["org.acme.build"] = "javascript:alert(1)" });
        var result = await ReachedAsync(static o => o.BuildLabel = "org.acme.build");
        Assert.Contains(Key.Build("https://ci.acme.example/job/web/7"), result.Of(manifest).Links);
        Assert.Empty(result.Of(odd).Links);
    }

    [Fact]
    public async Task A_time_that_is_none_is_left_to_the_engine()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "v1", created: new DateTimeOffset(1980, 1, 1, 0, 0, 1, TimeSpan.Zero));
        Assert.Equal(DateTimeOffset.UnixEpoch, (await ReachedAsync()).Of(manifest).OccurredAt);
    }

    internal const string BuildKit =
        """{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v0.2","subject":[{"name":"pkg:docker/web","digest":{"sha256":"$D"}}],"predicate":{"builder":{"id":""},"buildType":"https://mobyproject.org/buildkit@v1","materials":[{"uri":"pkg:docker/alpine@3","digest":{"sha256":"00"}},{"uri":"https://git.acme.example/acme/shop.git#refs/heads/main","digest":{"sha1":"$C"}}],"invocation":{"configSource":{"uri":"https://git.acme.example/acme/shop.git#refs/heads/main","digest":{"sha1":"$C"},"entryPoint":"Dockerfile"}},"metadata":{"buildFinishedOn":"2026-03-02T08:59:00Z"}}}""";

    public static TheoryData<string> Statements => new()
    {
        // v0.2, as BuildKit writes it from a git context
        BuildKit,
        // v0.2, from a directory: only the checkout is known
        """{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v0.2","subject":[{"name":"x","digest":{"sha256":"$D"}}],"predicate":{"metadata":{"https://mobyproject.org/buildkit@v1#metadata":{"vcs":{"revision":"$C","source":"git@git.acme.example:acme/shop.git"}}}}}""",
        // v1, as GitHub writes it
        """{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":[{"name":"x","digest":{"sha256":"$D"}}],"predicate":{"buildDefinition":{"externalParameters":{"workflow":{"repository":"https://git.acme.example/acme/shop"}},"resolvedDependencies":[{"uri":"git+https://git.acme.example/acme/tools@refs/heads/main","digest":{"gitCommit":"ffffffffffffffffffffffffffffffffffffffff"}},{"uri":"git+https://git.acme.example/acme/shop@refs/heads/main","digest":{"gitCommit":"$C"}}]},"runDetails":{"builder":{"id":"b"},"metadata":{"finishedOn":"2026-03-02T08:59:00Z"}}}}""",
        // v1, as BuildKit writes it
        """{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v1","subject":[{"name":"x","digest":{"sha256":"$D"}}],"predicate":{"buildDefinition":{"externalParameters":{"configSource":{"uri":"https://git.acme.example/acme/shop.git#main","digest":{"sha1":"$C"}}}},"runDetails":{}}}""",
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Provenance_in_the_index_names_the_commit_when_no_label_does(string statement)
    {
        var (amd64, config) = _registry.AddImage(null);
        string index = _registry.AddIndex([FakeRegistry.Child(amd64), Attestation(statement, amd64)], "v1");
        var result = await ReachedAsync();
        foreach (string digest in new[] { index, amd64, config }) Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(digest));
        Assert.Equal(("provenance", "unverified"), (result.Of(index).Attribute("revision_from"), result.Of(index).Attribute("provenance")));
        Assert.Equal(3, result.Facts.Length);
    }

    [Fact]
    public async Task Provenance_of_another_digest_says_nothing()
    {
        var (amd64, _) = _registry.AddImage(null);
        string index = _registry.AddIndex([FakeRegistry.Child(amd64), Attestation(BuildKit, Given.Digest('9'))], "v1");
        Assert.Empty((await ReachedAsync()).Facts.CommitsOf(index));
    }

    [Fact]
    public async Task Provenance_is_not_read_when_a_label_says_it_or_when_it_is_switched_off()
    {
        var (amd64, _) = _registry.AddImage(null);
        string index = _registry.AddIndex([FakeRegistry.Child(amd64), Attestation(BuildKit, amd64)], "v1");
        Assert.Empty((await ReachedAsync(static o => o.ReadProvenance = false)).Facts.CommitsOf(index));
        var (labelled, _) = _registry.AddImage(Given.Sha('b'));
        index = _registry.AddIndex([FakeRegistry.Child(labelled), Attestation(BuildKit, labelled)], "v2");
        Assert.Equal([Given.Commit('b')], (await ReachedAsync()).Facts.CommitsOf(index));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Provenance_is_also_found_as_a_referrer_or_under_the_referrers_tag(bool hasApi, bool isEnvelope)
    {
        var (manifest, _) = _registry.AddImage(null, tag: "v1");
        _registry.HasReferrersApi = hasApi;
        string statement = Fill(BuildKit, manifest);
        if (isEnvelope) statement = new JsonObject { ["payloadType"] = "application/vnd.in-toto+json", ["payload"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(statement)), ["signatures"] = new JsonArray() }.ToJsonString();
        string type = isEnvelope ? "application/vnd.dsse.envelope.v1+json" : "application/vnd.in-toto+json";
        string blob = _registry.AddBlob(statement);
        string artifact = _registry.AddManifest(new JsonObject
        {
            ["schemaVersion"] = 2, ["artifactType"] = type, ["config"] = FakeRegistry.Descriptor("application/vnd.oci.empty.v1+json", Given.Digest('1')),
            ["layers"] = new JsonArray(FakeRegistry.Descriptor(type, blob)),
        }, FakeRegistry.Image);
        var referrer = FakeRegistry.Descriptor(FakeRegistry.Image, artifact);
        referrer["artifactType"] = type;
        _registry.AddIndex([referrer], manifest.Replace(':', '-'));
        var result = await ReachedAsync();
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.DoesNotContain(result.Facts, f => f.Subject == Key.Image(artifact));
    }

    public static TheoryData<string, Action<JsonObject>> NoImages => new()
    {
        { "chart", static m => m["config"]!["mediaType"] = "application/vnd.cncf.helm.config.v1+json" },
        { "artifact", static m => m["artifactType"] = "application/vnd.example+json" },
        { "signature", static m => m["layers"]![0]!["mediaType"] = "application/vnd.dev.cosign.simplesigning.v1+json" },
        { "both forms", static m => m["manifests"] = new JsonArray() },
        { "schema 1", static m => m["schemaVersion"] = 1 },
        { "neither form", static m => { m.Remove("config"); m.Remove("layers"); } },
        { "configuration without digest", static m => m["config"]!.AsObject().Remove("digest") },
    };

    [Theory]
    [MemberData(nameof(NoImages))]
    public async Task What_is_no_image_makes_no_fact(string what, Action<JsonObject> change)
    {
        _registry.AddImage(Given.Sha('a'), tag: "v1", change: change);
        var result = await ReachedAsync();
        Assert.True(result.Facts.IsEmpty, what);
    }

    [Fact]
    public async Task An_image_is_found_by_its_digest_without_a_sweep()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'));
        var adapter = _registry.Adapter();
        var result = await adapter.Probe!.ProbeAsync(Given.Look(Key.Image(manifest), Key.Image(Given.Digest('9'))), CancellationToken.None);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.Equal(3, result.Calls);
        result = await adapter.Probe.ProbeAsync(Given.Look(Key.Image(manifest), Key.Image(Given.Digest('9'))), CancellationToken.None);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.Equal(0, result.Calls);
    }

    [Fact]
    public async Task A_commit_is_looked_for_under_tags_that_name_it_and_counts_by_what_the_image_says()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "main-aaaaaaa");
        var (liar, _) = _registry.AddImage(Given.Sha('b'), tag: "aaaaaaa-old");
        _registry.AddImage(Given.Sha('c'), tag: "v3");
        var result = await _registry.Adapter().Probe!.ProbeAsync(Given.Look(Given.Commit('a')), CancellationToken.None);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.Equal([Given.Commit('b')], result.Facts.CommitsOf(liar));
        Assert.Equal(4, result.Facts.Length);
        Assert.DoesNotContain("GET /v2/acme/web/manifests/v3", _registry.Requests);
    }

    [Fact]
    public async Task A_configuration_that_is_gone_leaves_an_image_without_a_commit()
    {
        var (manifest, config) = _registry.AddImage(Given.Sha('a'), tag: "v1");
        _registry.Blobs.TryRemove(config, out _);
        var result = await ReachedAsync();
        Assert.Empty(result.Facts.CommitsOf(manifest));
        Assert.Contains("is not in the registry", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    private JsonObject Attestation(string statement, string about) => _registry.AddAttestation(about, Fill(statement, about), "https://slsa.dev/provenance/v0.2");

    private static string Fill(string statement, string about) => statement.Replace("$D", about[7..], StringComparison.Ordinal).Replace("$C", Given.Sha('a'), StringComparison.Ordinal);

    private async Task<ProbeResult> ReachedAsync(Action<OciOptions>? change = null)
    {
        var result = await _registry.Adapter(change: change).SweepAsync();
        Assert.True(result.Outcome == ProbeOutcome.Reached, result.Detail);
        return result;
    }
}
