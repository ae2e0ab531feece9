using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>Registries and senders that lie, and bytes that are anything.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    private FakeRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await FakeRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Theory]
    [InlineData("manifest")]
    [InlineData("config")]
    [InlineData("child")]
    public async Task Content_that_is_not_what_its_digest_says_makes_no_fact_of_it(string which)
    {
        var (manifest, config) = _registry.AddImage(Given.Sha('a'));
        var (forged, forgedConfig) = _registry.AddImage(Given.Sha('f'), salt: "forged");
        string index = _registry.AddIndex([FakeRegistry.Child(manifest)], "v1");
        switch (which)
        {
            case "config":
                _registry.Blobs[config] = _registry.Blobs[forgedConfig];
                break;
            case "child":
                _registry.Manifests[manifest] = _registry.Manifests[forged];
                break;
            default:
                _registry.Manifests[index] = _registry.Manifests[forged];
                break;
        }
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        foreach (string digest in new[] { index, manifest, config, forged, forgedConfig }) Assert.Empty(result.Facts.CommitsOf(digest));
        Assert.Contains(result.Diagnostics, static d => d.Contains("is not what its digest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_webhook_with_a_digest_that_the_registry_does_not_have_counts_for_no_commit()
    {
        var (real, _) = _registry.AddImage(Given.Sha('a'), tag: "v1");
        var adapter = _registry.Adapter();
        adapter.Translator!.Translate(Given.Delivery(Given.Notification(Given.Push(Given.Digest('9')))));
        var result = await adapter.SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.DoesNotContain(result.Facts, static f => f.Subject == Key.Image(Given.Digest('9')));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(real));
    }

    [Theory]
    [InlineData("manifests")]
    [InlineData("blobs")]
    public async Task One_huge_answer_is_not_read_and_does_not_blind_the_gate(string what)
    {
        var (good, _) = _registry.AddImage(Given.Sha('a'), tag: "a");
        _registry.AddImage(Given.Sha('b'), tag: "huge", salt: "huge");
        string hugeConfig = Assert.Single(_registry.Blobs, static b => Encoding.UTF8.GetString(b.Value).Contains("SALT=huge", StringComparison.Ordinal)).Key;
        _registry.Instead = async context =>
        {
            string path = context.Request.Path.Value!;
            if (!path.EndsWith(what == "manifests" ? "/huge" : hugeConfig, StringComparison.Ordinal)) return false;
            byte[] chunk = new byte[64 * 1024];
            try
            {
                for (int i = 0; i < 1600 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The reader had enough.
            }
            return true;
        };
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(good));
        Assert.DoesNotContain(result.Facts, static f => f.Links.Contains(Given.Commit('b')));
        Assert.Contains(result.Diagnostics, static d => d.Contains("more than 8 MB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Indexes_in_indexes_end()
    {
        var (image, _) = _registry.AddImage(Given.Sha('a'));
        string digest = image;
        for (int i = 0; i < 20; i++)
        {
            var child = FakeRegistry.Child(digest);
            child["mediaType"] = i == 0 ? FakeRegistry.Image : FakeRegistry.Index;
            digest = _registry.AddIndex([child], i == 19 ? "deep" : null);
        }
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Empty(result.Facts);
        Assert.True(_registry.Requests.Count < 10);
    }

    [Fact]
    public async Task An_index_that_names_itself_and_the_same_child_again_ends()
    {
        var (image, _) = _registry.AddImage(Given.Sha('a'));
        // No index can have its own digest in it; a registry that lies can answer as if.
        string self = Given.Digest('5');
        string index = _registry.AddIndex([FakeRegistry.Child(image), FakeRegistry.Child(self), FakeRegistry.Child(image, "arm64"), FakeRegistry.Child(self)], "v1");
        _registry.Manifests[self] = _registry.Manifests[index];
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(index));
        Assert.Equal(3, result.Facts.Length);
        Assert.True(_registry.Requests.Count < 10);
    }

    [Fact]
    public async Task An_index_of_very_many_manifests_is_cut()
    {
        var (image, _) = _registry.AddImage(Given.Sha('a'));
        var children = Enumerable.Range(0, 5000).Select(static i => (JsonNode)FakeRegistry.Child($"sha256:{i:x64}")).Prepend(FakeRegistry.Child(image));
        _registry.AddIndex(children, "v1");
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.True(_registry.Requests.Count < 80, $"{_registry.Requests.Count} requests");
        Assert.True(result.Diagnostics.Length <= 50);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"tags\":null}")]
    [InlineData("{\"tags\":[1,null,\"../../x\",\"a b\",\"%2e\",\"\"]}")]
    [InlineData("{}")]
    public async Task A_list_of_tags_that_is_none_asks_for_nothing(string body)
    {
        _registry.Instead = async context =>
        {
            await context.Response.WriteAsync(body);
            return true;
        };
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal(body is "not json" or "[]" ? ProbeOutcome.Unreachable : ProbeOutcome.Reached, result.Outcome);
        Assert.Single(_registry.Requests);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_given_up()
    {
        var time = new Testing.Time.ManualTimeProvider(Given.Now);
        _registry.Instead = async context =>
        {
            await context.Response.Body.WriteAsync(new byte[10], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            time.Advance(TimeSpan.FromSeconds(31));
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The reader left.
            }
            return true;
        };
        var result = await _registry.Adapter(time).SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("30 s", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_webhooks_never_throw_and_never_name_a_commit()
    {
        var random = new Random(20260302);
        (AdapterRegistration Adapter, byte[] Body)[] seeds =
        [
            (Given.Adapter(), Bytes(Given.Notification(Given.Push(Given.Digest('a')), Given.Push(Given.Digest('b'), type: FakeRegistry.Index, references: [FakeRegistry.Descriptor(FakeRegistry.Image, Given.Digest('c'))])))),
            (Given.Adapter(static o => o.Flavour = OciFlavour.Harbor), Bytes(Given.Harbor(Given.Digest('a')))),
            (Given.Adapter(static o => o.Flavour = OciFlavour.Ghcr), Bytes(Given.Ghcr(Given.Digest('a')))),
        ];
        foreach (var (adapter, body) in seeds)
        {
            for (int i = 0; i < 3000; i++)
            {
                var translation = adapter.Translator!.Translate(Given.Delivery(Mutation.Of(body, random), ("X-GitHub-Event", "package")));
                Assert.All(translation.Facts, static f =>
                {
                    Assert.Empty(f.Links);
                    Assert.StartsWith("image:sha", f.Subject.ToString(), StringComparison.Ordinal);
                });
            }
        }
    }

    [Fact]
    public void Mutated_files_are_explained_without_a_throw()
    {
        var random = new Random(7);
        var (manifest, config) = _registry.AddImage(Given.Sha('a'), Given.Source);
        string index = _registry.AddIndex([FakeRegistry.Child(manifest)]);
        byte[][] seeds =
        [
            _registry.Manifests[manifest].Body, _registry.Manifests[index].Body, _registry.Blobs[config], Bytes(Given.Notification(Given.Push(Given.Digest('a')))), Bytes(Given.Harbor(Given.Digest('a'))),
            Bytes(Given.Ghcr(Given.Digest('a'))), Encoding.UTF8.GetBytes(ReadingTests.BuildKit),
        ];
        foreach (byte[] seed in seeds)
            for (int i = 0; i < 1500; i++)
                Assert.NotNull(OciAdapter.Explain(Mutation.Of(seed, random), i % 5 == 0 ? "package" : null).Verdict);
    }

    [Fact]
    public async Task Mutated_registries_never_make_the_probe_throw_or_believe_a_digest_that_is_not_so()
    {
        var (manifest, config) = _registry.AddImage(Given.Sha('a'), salt: "1");
        var (other, _) = _registry.AddImage(null, salt: "2");
        string index = _registry.AddIndex([FakeRegistry.Child(manifest), FakeRegistry.Child(other, "arm64")]);
        var originals = _registry.Manifests.ToArray();
        var blobs = _registry.Blobs.ToArray();
        var random = new Random(99);
        for (int i = 0; i < 400; i++)
        {
            foreach (var (digest, value) in originals) _registry.Manifests[digest] = value;
            foreach (var (digest, value) in blobs) _registry.Blobs[digest] = value;
            // The root is served under its new digest, so that what is in it is read; what it names is served changed.
            byte[] root = Mutation.Of(_registry.Manifests[i % 2 == 0 ? index : manifest].Body, random);
            string digestOfRoot = FakeRegistry.DigestOf(root);
            _registry.Manifests[digestOfRoot] = (root, i % 2 == 0 ? FakeRegistry.Index : FakeRegistry.Image);
            _registry.Tags[(Given.ImageRepository, "v1")] = digestOfRoot;
            if (i % 3 == 0) _registry.Blobs[config] = Mutation.Of(_registry.Blobs[config], random);
            var result = await _registry.Adapter().SweepAsync();
            Assert.All(result.Facts, f =>
            {
                string digest = f.Subject.Value;
                byte[]? content = _registry.Manifests.TryGetValue(digest, out var m) ? m.Body : _registry.Blobs.GetValueOrDefault(digest);
                Assert.All(f.Links.Where(static k => k.Is(KeySchemes.Commit)), static k => Assert.Equal(40, k.Value[(k.Value.LastIndexOf('@') + 1)..].Length));
                if (content is not null && f.Links.Any(static k => k.Is(KeySchemes.Commit)) && digest != config) Assert.Equal(digest, FakeRegistry.DigestOf(content));
            });
        }
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
