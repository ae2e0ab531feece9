using System.Net;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci.Tests.Real;

/// <summary>Debian's docker-registry 2.8, pushed to by skopeo with images made by umoci.</summary>
public sealed class DockerRegistryTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("closedloop-oci-").FullName;
    private Receiver _receiver = null!;
    private DockerRegistry _registry = null!;
    private AdapterRegistration _adapter = null!;
    private int _images;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _registry = await DockerRegistry.StartAsync(_directory, _receiver.Address);
        _receiver.Adapter = _adapter = NewAdapter();
    }

    public async Task DisposeAsync()
    {
        if (_registry is not null) await _registry.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_pushed_image_is_built_once_for_its_repository_tag_and_digest()
    {
        string layout = await ImageAsync('a');
        await PushAsync(layout, "v1");
        await PushAsync(layout, "v1");
        await PushAsync(layout, "prod");
        await _registry.DeliveredAsync();

        Assert.All(_receiver.Deliveries, static d => Assert.Equal(202, d.Status));
        Assert.Contains(_receiver.Deliveries, static d => d.MediaType == "application/octet-stream");
        var register = Assert.Single(_receiver.Facts.GroupBy(static f => f.Register));
        Assert.Empty(register.First().Links);

        var result = await SweepAsync(_adapter);
        string digest = register.Key.Subject.Value;
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(digest));
        Assert.Equal(2, result.Facts.Length);
        Assert.All(result.Facts, static f => Assert.True(f.Ordinal > new Ordinal(0, 0, 1)));
    }

    [Fact]
    public async Task An_image_in_docker_format_and_an_image_of_two_platforms_are_read_too()
    {
        string layout = await ImageAsync('a');
        await PushAsync(layout, "docker", "--format", "v2s2");
        string child = await PushAsync(layout, "oci");
        using var http = new HttpClient();
        byte[] manifest = await ManifestAsync(http, child);
        byte[] index = System.Text.Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{FakeRegistry.Index}}}","manifests":[{"mediaType":"{{{FakeRegistry.Image}}}","digest":"{{{FakeRegistry.DigestOf(manifest)}}}","size":{{{manifest.Length}}},"platform":{"architecture":"amd64","os":"linux"}}]}""");
        using var content = new ByteArrayContent(index);
        content.Headers.ContentType = new(FakeRegistry.Index);
        using var answer = await http.PutAsync(new Uri(_registry.Address, "v2/acme/web/manifests/multi"), content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await _registry.DeliveredAsync();

        Assert.Equal(3, _receiver.Facts.Select(static f => f.Register).Distinct().Count());
        var result = await SweepAsync(_adapter);
        foreach (var fact in _receiver.Facts) Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(fact.Subject.Value));
        Assert.Contains(Key.Image(FakeRegistry.DigestOf(index)), result.Of(FakeRegistry.DigestOf(manifest)).Links);
    }

    [Fact]
    public async Task A_refused_notification_comes_again_with_the_same_id_until_it_is_taken()
    {
        _receiver.Refuse = static n => n < 5 ? 503 : null;
        await PushAsync(await ImageAsync('a'), "v1");
        await _registry.DeliveredAsync();

        var refused = _receiver.Deliveries.Where(static d => d.Status == 503).Select(static d => d.Id).ToHashSet();
        Assert.Single(refused);
        Assert.True(refused.IsSubsetOf(_receiver.Deliveries.Where(static d => d.Status == 202).Select(static d => d.Id)));
        Assert.Single(_receiver.Facts);
    }

    [Fact]
    public async Task Nothing_that_the_registry_sends_holds_up_what_comes_after_it()
    {
        string layout = await ImageAsync('a');
        string first = await PushAsync(layout, "v1");
        await Tool.RunAsync("skopeo", "copy", "--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false", "docker://" + Reference("v1"), "docker://" + Reference("v1", "acme/other"));
        using var http = new HttpClient();
        using (var deleted = await http.DeleteAsync(new Uri(_registry.Address, $"v2/acme/web/manifests/{FakeRegistry.DigestOf(await ManifestAsync(http, first))}"))) Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        string second = await PushAsync(await ImageAsync('b'), "v2");
        await _registry.DeliveredAsync();

        foreach (string action in new[] { "push", "pull", "delete" }) Assert.Contains(_receiver.Deliveries, d => d.Action == action);
        Assert.All(_receiver.Deliveries, static d => Assert.Equal(202, d.Status));
        Assert.Equal(_receiver.Deliveries.Count, _receiver.Deliveries.Select(static d => d.Id).Distinct().Count());
        Assert.Contains(_receiver.Facts, f => f.Subject.Value == FakeRegistry.DigestOf(ManifestAsync(http, second).Result));
    }

    [Fact]
    public async Task Our_own_reading_makes_notifications_and_no_facts()
    {
        await PushAsync(await ImageAsync('a'), "v1");
        await _registry.DeliveredAsync();
        int facts = _receiver.Facts.Count;
        for (int i = 0; i < 3; i++) await SweepAsync(_adapter);
        await SweepAsync(NewAdapter());
        await _registry.DeliveredAsync();

        Assert.Contains(_receiver.Deliveries, static d => d.Action == "pull");
        Assert.All(_receiver.Deliveries, static d => Assert.Equal(202, d.Status));
        Assert.Equal(facts, _receiver.Facts.Count);
    }

    [Fact]
    public async Task What_the_registry_forgets_when_it_restarts_the_probe_finds()
    {
        _receiver.Refuse = static _ => 503;
        await PushAsync(await ImageAsync('a'), "v1");
        await Wait.UntilAsync(() => Task.FromResult(!_receiver.Deliveries.IsEmpty), "a notification was refused");
        await _registry.RestartAsync();
        _receiver.Refuse = static _ => null;
        await _registry.DeliveredAsync();
        Assert.Empty(_receiver.Facts);

        var result = await SweepAsync(_adapter);
        Assert.Contains(result.Facts, static f => f.Links.Contains(Given.Commit('a')) && f.Status == GateStatus.Passed);
        await _registry.DeliveredAsync();
        Assert.Empty(_receiver.Facts);
    }

    private AdapterRegistration NewAdapter() =>
        OciAdapter.Create(Given.Options(o => o.Address = _registry.Address), new HttpClient(SourceClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan }, TimeProvider.System);

    private static async Task<ProbeResult> SweepAsync(AdapterRegistration adapter)
    {
        var now = DateTimeOffset.UtcNow;
        var result = await adapter.Probe!.ProbeAsync(Given.Sweep(now), CancellationToken.None);
        Assert.True(result.Outcome == ProbeOutcome.Reached, result.Detail);
        Assert.Empty(result.Diagnostics);
        return result;
    }

    /// <summary>An image without files whose labels name a commit.</summary>
    private async Task<string> ImageAsync(char commit)
    {
        string layout = Path.Combine(_directory, $"image-{_images++}");
        await Tool.RunAsync("umoci", "init", "--layout", layout);
        await Tool.RunAsync("umoci", "new", "--image", layout + ":image");
        string file = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(file, $"{commit}");
        await Tool.RunAsync("umoci", "insert", "--rootless", "--image", layout + ":image", file, "/file");
        await Tool.RunAsync("umoci", "config", "--image", layout + ":image", "--config.label", "org.opencontainers.image.revision=" + Given.Sha(commit), "--config.label", "org.opencontainers.image.source=" + Given.Source);
        return layout;
    }

    private async Task<string> PushAsync(string layout, string tag, params string[] more)
    {
        await Tool.RunAsync("skopeo", ["copy", "--insecure-policy", "--dest-tls-verify=false", .. more, $"oci:{layout}:image", "docker://" + Reference(tag)]);
        return tag;
    }

    private string Reference(string tag, string repository = Given.ImageRepository) => $"{_registry.Address.Authority}/{repository}:{tag}";

    private async Task<byte[]> ManifestAsync(HttpClient http, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_registry.Address, $"v2/acme/web/manifests/{tag}"));
        request.Headers.TryAddWithoutValidation("Accept", FakeRegistry.Image);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
