using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The sandbox's API server: lists in pages, watches, and objects that belong together. Played on a driven clock, but for one test.</summary>
public sealed class SandboxClusterTests : IDisposable
{
    private const string Apps = "apis/apps/v1/namespaces/production/", Pods = "api/v1/namespaces/production/pods";

    private readonly DrivenWorld _world = new(SandboxRun.Fast);
    private readonly HttpClient _http;

    public SandboxClusterTests()
    {
        _http = new HttpClient(new WorldHttp(_world.World)) { BaseAddress = DrivenWorld.Addresses.Cluster };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _world.State.Secrets.ClusterToken);
    }

    private SandboxDeployment Deployment => _world.State.Cluster.Of("acme/web")[0];

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task At_every_step_what_serves_is_what_the_ready_pods_of_the_deployment_run()
    {
        var seen = new HashSet<int>();
        await _world.PlayAsync(() =>
        {
            foreach (var target in _world.State.Services.SelectMany(s => s.Targets))
            {
                var deployment = target.Deployment;
                Assert.Equal(target.Serving.Select(v => v.Image.Digest).Order(), deployment.Pods.Where(p => p.IsReady).Select(p => p.ReplicaSet.Image[(p.ReplicaSet.Image.IndexOf('@', StringComparison.Ordinal) + 1)..]).Distinct().Order());
                Assert.Equal(deployment.Available, deployment.Pods.Count(p => p.IsReady));
                Assert.Equal(deployment.Pods.Count, deployment.Pods.Select(p => p.Uid).Distinct().Count());
                Assert.InRange(deployment.ReplicaSets.Count, 1, SandboxDeployment.HistoryLimit + 2);
                seen.Add(target.Serving.Count);
            }
        });
        Assert.Equal([1, 2], seen.Order());
    }

    [Fact]
    public async Task Pods_and_replica_sets_name_their_owner_and_the_digest_that_runs()
    {
        await _world.PlayAsync();

        var deployments = Items(await GetAsync(Apps + "deployments")).ToDictionary(d => d.GetProperty("metadata").GetProperty("uid").GetString()!);
        var sets = Items(await GetAsync(Apps + "replicasets")).ToDictionary(r => r.GetProperty("metadata").GetProperty("uid").GetString()!);
        Assert.Equal(2 * _world.State.Services.Count, deployments.Count);
        Assert.All(sets.Values, r => Assert.Contains(Owner(r), deployments.Keys));
        foreach (var pod in Items(await GetAsync(Pods)).Where(p => !p.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _)))
        {
            var set = sets[Owner(pod)];
            string image = deployments[Owner(set)].GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString()!;
            Assert.Equal(image, pod.GetProperty("status").GetProperty("containerStatuses")[0].GetProperty("imageID").GetString());
            Assert.Equal(set.GetProperty("metadata").GetProperty("labels").GetProperty("pod-template-hash").GetString(), pod.GetProperty("metadata").GetProperty("labels").GetProperty("pod-template-hash").GetString());
        }
    }

    [Fact]
    public async Task A_rollout_back_takes_up_the_replica_set_of_then_and_a_repeated_one_makes_a_new_one()
    {
        var versions = _world.State.Services[0].Versions;
        var first = versions[0].Image;
        var second = first with { Digest = "sha256:" + new string('2', 64) };
        var original = Assert.Single(Deployment.ReplicaSets);
        Roll(second);
        Roll(first);
        Assert.Equal([3, 2], Deployment.ReplicaSets.Select(r => r.Revision));
        Assert.Same(original, Deployment.ReplicaSets[0]);
        Roll(first);
        Assert.Equal([3, 2, 4], Deployment.ReplicaSets.Select(r => r.Revision));
        Assert.Equal("4", Items(await GetAsync(Apps + "deployments?fieldSelector=metadata.name%3Dweb")).Single().GetProperty("metadata").GetProperty("annotations").GetProperty("deployment.kubernetes.io/revision").GetString());

        void Roll(ClosedLoop.Testing.Sandbox.Registry.SandboxImage image)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            Deployment.Apply(image, _world.Time.GetUtcNow());
            Deployment.Begin(_world.Time.GetUtcNow());
            Deployment.Mix(_world.Time.GetUtcNow());
            Deployment.Finish(_world.Time.GetUtcNow());
        }
    }

    [Fact]
    public async Task All_pages_of_a_list_are_of_one_version_whatever_happens_meanwhile()
    {
        var whole = Names(await GetAsync(Pods));
        var first = await GetAsync(Pods + "?limit=5");
        Dip();
        var names = new List<string>(Names(first));
        for (var page = first; page.GetProperty("metadata").TryGetProperty("continue", out var next);)
        {
            page = await GetAsync($"{Pods}?limit=5&continue={next.GetString()}");
            Assert.Equal(Version(first), Version(page));
            names.AddRange(Names(page));
        }

        Assert.Equal(whole, names);
        Assert.NotEqual(Version(first), Version(await GetAsync(Pods)));
        Assert.Equal(HttpStatusCode.Gone, (await _http.GetAsync(new Uri(Pods + "?limit=5&continue=1-999", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("labelSelector=app%3Dweb", 1)]
    [InlineData("labelSelector=app%21%3Dweb", 5)]
    [InlineData("labelSelector=app,app%3D%3Dweb", 1)]
    [InlineData("labelSelector=%21app", 0)]
    [InlineData("fieldSelector=metadata.name%3Dweb-batch", 1)]
    public async Task A_selector_selects(string query, int count) => Assert.Equal(count, Items(await GetAsync(Apps + "deployments?" + query)).Count);

    [Theory]
    [InlineData("deployments?labelSelector=app%20in%20(web)", HttpStatusCode.BadRequest)]
    [InlineData("deployments?watch=1&resourceVersion=x", HttpStatusCode.BadRequest)]
    [InlineData("deployments?watch=1&resourceVersion=999999", HttpStatusCode.GatewayTimeout)]
    [InlineData("deployments/none", HttpStatusCode.NotFound)]
    [InlineData("jobs", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_answered_says_why(string path, HttpStatusCode status)
    {
        using var response = await _http.GetAsync(new Uri(Apps + path, UriKind.Relative));
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("Status", JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_watch_tells_each_change_after_its_version_and_ends_with_a_bookmark_of_the_latest()
    {
        string from = Version(await GetAsync(Pods));
        Dip();
        var watching = WatchAsync($"{Pods}?watch=1&allowWatchBookmarks=true&timeoutSeconds=30&resourceVersion={from}");
        Deployment.Recover(_world.Time.GetUtcNow());
        _world.Time.Advance(TimeSpan.FromSeconds(30));
        var lines = await watching;

        // A bookmark in between is allowed: the clock and the change come at once.
        Assert.Equal(["MODIFIED", "MODIFIED"], lines.Select(Type).Where(t => t != "BOOKMARK"));
        Assert.Equal("BOOKMARK", Type(lines[^1]));
        long[] versions = [long.Parse(from, CultureInfo.InvariantCulture), .. lines.Select(l => long.Parse(Version(l.GetProperty("object")), CultureInfo.InvariantCulture))];
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(Version(await GetAsync(Pods)), versions[^1].ToString(CultureInfo.InvariantCulture));

        static string Type(JsonElement line) => line.GetProperty("type").GetString()!;
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_has_expired()
    {
        string from = Version(await GetAsync(Pods));
        for (int i = 0; i < ClusterState.MaxChanges; i++) Dip();

        var line = Assert.Single(await WatchAsync($"{Apps}deployments?watch=true&resourceVersion={from}"));
        Assert.Equal(("ERROR", 410), (line.GetProperty("type").GetString(), line.GetProperty("object").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_watches()
    {
        var watching = WatchAsync(Apps + "statefulsets?watch=1&resourceVersion=1");
        Assert.False(watching.IsCompleted);
        _world.State.Cluster.Close();
        Assert.Empty(await watching.WaitAsync(SandboxRun.Patience));
    }

    [Fact]
    public async Task Over_a_socket_a_change_is_told_while_the_watch_is_open()
    {
        await using var sandbox = await DeliverySandbox.StartAsync(SandboxRun.Fast, TimeProvider.System);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.Secrets.ClusterToken);
        var list = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri(sandbox.Addresses.Cluster, Apps + "deployments"))).RootElement;
        using var patience = new CancellationTokenSource(SandboxRun.Patience);
        using var lines = new StreamReader(await http.GetStreamAsync(new Uri(sandbox.Addresses.Cluster, $"{Apps}deployments?watch=1&resourceVersion={Version(list)}"), patience.Token));
        sandbox.Begin(null);

        var change = JsonDocument.Parse((await lines.ReadLineAsync(patience.Token))!).RootElement;
        Assert.Equal(("MODIFIED", 2), (change.GetProperty("type").GetString(), change.GetProperty("object").GetProperty("metadata").GetProperty("generation").GetInt32()));
    }

    private void Dip()
    {
        Deployment.Recover(_world.Time.GetUtcNow());
        Deployment.Dip(_world.Time.GetUtcNow());
    }

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative))).RootElement;

    private async Task<List<JsonElement>> WatchAsync(string path) =>
        [.. (await _http.GetStringAsync(new Uri(path, UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonDocument.Parse(l).RootElement)];

    private static List<JsonElement> Items(JsonElement list) => [.. list.GetProperty("items").EnumerateArray()];

    private static List<string> Names(JsonElement list) => [.. Items(list).Select(static i => i.GetProperty("metadata").GetProperty("name").GetString()!)];

    private static string Version(JsonElement json) => json.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;

    private static string Owner(JsonElement json) => json.GetProperty("metadata").GetProperty("ownerReferences")[0].GetProperty("uid").GetString()!;
}
