using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>Each line of the table of bad inputs, over a real socket: a clear error, kept aside if it is authentic, and no harm to anything else.</summary>
public sealed class BadInputOverHttpTests : IAsyncLifetime
{
    private const int Limit = 25 * 1024 * 1024;

    private readonly TempDatabase _database = TempDatabase.Create();
    private StackHost _host = null!;

    public async Task InitializeAsync() => _host = await StackHost.StartAsync(_database.Path, static o => o.Repositories.Add("acme/web"));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _database.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d")]
    public async Task A_missing_or_wrong_signature_is_answered_with_401_and_nothing_is_kept(string signature)
    {
        byte[] body = Encoding.UTF8.GetBytes(Payload.PullRequest("opened", 1, "BL-1", 10).ToJsonString());
        string detail = (await _host.GitHubAsync("pull_request", body, "d-1", signature)).IsProblem(401, "bad-signature");
        Assert.Contains("compare the secret", detail, StringComparison.Ordinal);
        Assert.Equal(404, (await _host.ApiAsync(HttpMethod.Get, "items/BL-1")).Status);
        Assert.Empty(await _host.QuarantineAsync());
    }

    [Fact]
    public async Task A_delivery_that_was_refused_for_its_signature_counts_when_it_comes_again_with_the_right_one()
    {
        byte[] body = Encoding.UTF8.GetBytes(Payload.PullRequest("opened", 1, "BL-1", 10).ToJsonString());
        (await _host.GitHubAsync("pull_request", body, "d-1", "sha256=00")).IsProblem(401, "bad-signature");
        (await _host.GitHubAsync("pull_request", body, "d-1")).IsTaken();
        Assert.Equal("pr-opened", (await _host.ItemAsync("BL-1")).Passed);
    }

    [Fact]
    public async Task An_announced_length_above_the_limit_is_answered_with_413_before_a_byte_of_it_was_sent()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Client.BaseAddress!.Host, _host.Client.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /hooks/github HTTP/1.1\r\nHost: localhost\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: d-1\r\nX-Hub-Signature-256: sha256=00\r\nContent-Type: application/json\r\nContent-Length: {Limit + 1}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync());
        var headers = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line) headers.Add(line);
        Assert.Contains("Content-Type: application/problem+json", headers);
        await AssertServesAsync();
    }

    [Fact]
    public async Task A_body_that_grows_above_the_limit_without_announcing_it_is_answered_with_413()
    {
        byte[] body = new byte[Limit + 1];
        Array.Fill(body, (byte)' ');
        var request = StackHost.GitHubRequest("push", new ByteArrayContent(body), "d-1", StackHost.Sign(body));
        request.Headers.TransferEncodingChunked = true;
        string detail = (await _host.SendAsync(request)).IsProblem(413, "too-large");
        Assert.Contains("26214400", detail, StringComparison.Ordinal);
        Assert.Empty(await _host.QuarantineAsync());
        await AssertServesAsync();
    }

    [Fact]
    public async Task The_largest_delivery_that_GitHub_sends_is_taken()
    {
        var padded = Encoding.UTF8.GetBytes(Payload.PullRequest("opened", 1, "BL-1", 10).ToJsonString());
        byte[] body = new byte[Limit];
        Array.Fill(body, (byte)' ');
        padded.CopyTo(body, 0);
        (await _host.GitHubAsync("pull_request", body, "d-1")).IsTaken();
        Assert.Equal("pr-opened", (await _host.ItemAsync("BL-1")).Passed);
    }

    [Theory]
    [InlineData("{\"action\":\"opened\",")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"action\":\"opened\",\"repository\":{\"full_name\":\"acme/web\"},\"pull_request\":{\"number\":-1}}")]
    [InlineData("{\"action\":\"opened\",\"repository\":{\"full_name\":\"acme/web\"},\"pull_request\":{\"number\":1,\"state\":\"\\ud800\"}}")]
    [InlineData("{\"action\":\"opened\",\"repository\":{\"full_name\":\"../../etc\"}}")]
    public async Task An_authentic_delivery_that_is_not_what_GitHub_documents_is_answered_with_400_and_kept_for_a_writer_to_see(string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        (await _host.GitHubAsync("pull_request", body, "d-1")).IsProblem(400, "malformed");
        // Sent again it is the same delivery, not a second one.
        (await _host.GitHubAsync("pull_request", body, "d-1")).IsProblem(400, "malformed");

        var entry = Assert.Single(await _host.QuarantineAsync());
        Assert.Equal("github", entry.GetProperty("source").GetString());
        Assert.Equal("malformed", entry.GetProperty("kind").GetString());
        Assert.Equal(body.Length, entry.GetProperty("bytes").GetInt32());
        (await _host.ApiAsync(HttpMethod.Get, "quarantine", writer: null)).IsProblem(401, "unauthorized");
        await AssertServesAsync();
    }

    [Fact]
    public async Task Json_nested_deeper_than_anything_GitHub_sends_is_kept_aside_and_harms_nothing()
    {
        byte[] body = Encoding.UTF8.GetBytes(new string('[', 100_000));
        (await _host.GitHubAsync("pull_request", body, "d-1")).IsProblem(400, "malformed");
        Assert.Single(await _host.QuarantineAsync());
        await AssertServesAsync();
    }

    [Fact]
    public async Task An_event_or_repository_that_nobody_asked_for_is_answered_with_202_and_kept_nowhere()
    {
        (await _host.GitHubAsync("planet_aligned", new JsonObject { ["repository"] = new JsonObject { ["full_name"] = "acme/web" } }, "d-1")).IsTaken("ignored");
        (await _host.GitHubAsync("pull_request", Payload.PullRequest("opened", 1, "BL-1", 10, repository: "acme/other"), "d-2")).IsTaken("ignored");
        Assert.Empty(await _host.ItemsAsync());
        Assert.Empty(await _host.QuarantineAsync());
    }

    [Fact]
    public async Task A_source_that_is_not_configured_is_answered_with_404_and_another_method_with_405()
    {
        (await _host.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/hooks/nobody") { Content = new StringContent("{}") })).IsProblem(404, "not-found");
        (await _host.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/hooks/github"))).IsProblem(405, "method-not-allowed");
    }

    [Fact]
    public async Task Evidence_for_an_item_that_nobody_knows_yet_is_parked_and_joins_when_the_link_appears()
    {
        string landing = Payload.Sha(11);
        (await _host.GitHubAsync("workflow_run", Payload.WorkflowRun(landing, "success", 90), "d-1")).IsTaken();
        (await _host.GitHubAsync("pull_request_review", Payload.Review(11, "approved", 20), "d-2")).IsTaken();
        Assert.Equal(202, (await _host.ApiAsync(HttpMethod.Post, "items/BL-11/facts", Payload.Record("pr-opened"))).Status);
        Assert.Empty(await _host.ItemsAsync());

        (await _host.GitHubAsync("pull_request", Payload.Merged(11, "BL-11", 60, landing), "d-3")).IsTaken();

        var item = await _host.ItemAsync("BL-11");
        Assert.Equal("pr-opened reviewed merged main-ci", item.Passed);
        Assert.True(item.IsDone, item.Why);
    }

    [Fact]
    public async Task A_change_that_named_no_item_belongs_to_the_item_that_is_opened_for_it_later()
    {
        (await _host.GitHubAsync("pull_request", Payload.PullRequest("opened", 12, item: null, 10), "d-1")).IsTaken();
        Assert.Equal("pr-opened", (await _host.ItemAsync("pr:acme/web#12")).Passed);

        Assert.Equal(201, (await _host.ApiAsync(HttpMethod.Post, "items", Payload.Open("BL-12", "pr:acme/web#12"))).Status);

        Assert.Equal("pr-opened", (await _host.ItemAsync("BL-12")).Passed);
        Assert.Equal(404, (await _host.ApiAsync(HttpMethod.Get, "items/" + Uri.EscapeDataString("pr:acme/web#12"))).Status);
    }

    [Theory]
    [InlineData("pull_request_review")]
    [InlineData("workflow_run")]
    public async Task A_value_that_this_version_does_not_know_is_no_evidence_and_is_logged(string name)
    {
        string landing = Payload.Sha(13);
        (await _host.GitHubAsync("pull_request", Payload.Merged(13, "BL-13", 60, landing), "d-1")).IsTaken();
        string gate = name == "workflow_run" ? Gates.MainCi : Gates.Reviewed;

        (await _host.GitHubAsync(name, name == "workflow_run" ? Payload.WorkflowRun(landing, "sparkling", 90) : Payload.Review(13, "blessed", 20), "d-2")).IsTaken();

        var item = await _host.ItemAsync("BL-13");
        Assert.Equal("pr-opened merged", item.Passed);
        Assert.Equal("waiting", item.Status(gate));
        if (name == "workflow_run") Assert.Equal("unrecognized", item.Reason(gate));
        Assert.Contains(_host.Log.Lines, static l => l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains("not known to this version", StringComparison.Ordinal));
        Assert.Empty(await _host.QuarantineAsync());
    }

    [Fact]
    public async Task A_time_in_the_future_is_replaced_by_the_time_of_receipt_and_marked()
    {
        var before = DateTimeOffset.UtcNow;
        (await _host.GitHubAsync("pull_request", Payload.PullRequest("opened", 14, "BL-14", 10, static p => p["created_at"] = "2099-01-01T00:00:00Z"), "d-1")).IsTaken();
        var after = DateTimeOffset.UtcNow;

        Assert.InRange((await _host.ItemAsync("BL-14")).Since(Gates.PrOpened), before, after);
        var fact = Assert.Single(await _host.FactsAsync(Key.PullRequest("acme/web", 14)), static f => f.Kind == Gates.PrOpened);
        Assert.Equal("clamped", fact.Attribute(FactAttributes.Clock));
    }

    [Fact]
    public async Task Hostile_text_is_kept_as_text()
    {
        const string Title = "\"></script><script>alert(1)</script>'; DROP TABLE item; --\u0000\u202e";
        (await _host.GitHubAsync("pull_request", Payload.PullRequest("opened", 15, "BL-15", 10, static p =>
        {
            p["title"] = Title;
            p["html_url"] = "javascript:alert(1)";
            p["head"]!["ref"] = "../../x';--";
        }), "d-1")).IsTaken();
        var item = await _host.ItemAsync("BL-15");
        Assert.Equal("pr-opened", item.Passed);
        Assert.DoesNotContain("javascript:", item.ToString(), StringComparison.Ordinal);
        await AssertServesAsync();
    }

    [Fact]
    public async Task A_configuration_that_does_not_work_stops_the_start_and_names_the_option()
    {
        await AssertStartFailsAsync("GitHub:Repositories", static _ => { });
        await AssertStartFailsAsync("GitHub:WebhookSecret", static o =>
        {
            o.AllowAnyRepository = true;
            o.WebhookSecret = "short";
        });
        await AssertStartFailsAsync("Jenkins:WebhookToken", static o => o.AllowAnyRepository = true, jenkins: static o => o.WebhookToken = null);
        await AssertStartFailsAsync("Jenkins:Jobs", static o => o.AllowAnyRepository = true, jenkins: static o => o.Jobs.Clear());
        await AssertStartFailsAsync("Api:Writers:agent:builder-9", static o => o.AllowAnyRepository = true, api: static o => o.AddWriter("agent:builder-9", "not a hash"));
    }

    private async Task AssertStartFailsAsync(string option, Action<ClosedLoop.Adapters.GitHub.GitHubOptions> github, Action<ClosedLoop.Adapters.Jenkins.JenkinsOptions>? jenkins = null, Action<AspNetCore.ClosedLoopApiOptions>? api = null)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_database.Folder, Guid.NewGuid().ToString("N"))).FullName;
        var (app, _) = StackHost.Build(Path.Combine(folder, "loop.db"), github, jenkins, api);
        await using (app)
        {
            var failure = await Record.ExceptionAsync(() => app.StartAsync());
            Assert.NotNull(failure);
            Assert.Contains(option, failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(StackHost.Secret, failure.ToString(), StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(folder));
        }
    }

    // Whatever came before, the next good delivery counts.
    private async Task AssertServesAsync()
    {
        (await _host.GitHubAsync("pull_request", Payload.PullRequest("opened", 99, "BL-99", 10), "good")).IsTaken();
        Assert.Equal("pr-opened", (await _host.ItemAsync("BL-99")).Passed);
        Assert.DoesNotContain(_host.Log.Lines, static l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Critical", StringComparison.Ordinal));
    }
}
