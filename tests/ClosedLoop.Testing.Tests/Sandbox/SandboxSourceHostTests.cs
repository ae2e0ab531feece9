using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>GitLab and Gitea as the sandbox plays them, over real HTTP: what a client sees that is not the adapter.</summary>
public sealed class SandboxSourceHostTests
{
    [Fact]
    public async Task GitLab_proves_its_webhooks_by_token_and_signature_and_answers_only_those_who_show_a_token()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { SourceHost = SandboxSourceHost.GitLab }, (_, _) => 202);
        var hooks = run.Hooks.Where(h => h.Source == "gitlab").ToList();
        byte[] key = Convert.FromBase64String(run.Sandbox.Secrets.GitLabSigningToken["whsec_".Length..]);

        Assert.DoesNotContain(run.Hooks, h => h.Source is "github" or "gitea");
        Assert.Equal(["Merge Request Hook", "Push Hook"], hooks.Select(h => h.Header("X-Gitlab-Event")).Distinct().Order());
        Assert.All(hooks, h => Assert.Equal(run.Sandbox.Secrets.GitLabWebhookToken, h.Header("X-Gitlab-Token")));
        Assert.All(hooks, h => Assert.Equal(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{h.Header("webhook-id")}.{h.Header("webhook-timestamp")}."), .. h.Body])), h.Header("webhook-signature")));
        Assert.Equal(hooks.Count, hooks.Select(h => h.Header("Idempotency-Key")).Distinct().Count());
        using var refused = await run.GetAsync(run.Sandbox.Addresses.GitHub, "api/v4/projects/acme%2Fweb", "guess");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        // A path with bare slashes is another one.
        using var missing = await run.GetAsync(run.Sandbox.Addresses.GitHub, "api/v4/projects/acme/web", run.Sandbox.Secrets.GitLabToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task In_GitLab_a_merge_is_a_commit_of_its_own_or_a_squash_of_which_only_the_API_tells()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { SourceHost = SandboxSourceHost.GitLab }, (_, _) => 202);
        var told = run.Hooks.Where(h => h.Source == "gitlab").Select(h => h.Json()).Where(j => j.TryGetProperty("object_attributes", out var a) && a.GetProperty("action").GetString() == "merge").ToList();
        int squashed = 0, twice = 0;
        foreach (var hook in told)
        {
            string project = hook.GetProperty("project").GetProperty("path_with_namespace").GetString()!;
            var read = await run.GetJsonAsync(run.Sandbox.Addresses.GitHub, $"api/v4/projects/{Uri.EscapeDataString(project)}/merge_requests/{hook.GetProperty("object_attributes").GetProperty("iid")}", run.Sandbox.Secrets.GitLabToken);
            string? merge = read.GetProperty("merge_commit_sha").GetString(), squash = read.GetProperty("squash_commit_sha").GetString();
            Assert.Equal(merge, hook.GetProperty("object_attributes").GetProperty("merge_commit_sha").GetString());
            Assert.Equal(project == "acme/api", merge is null);
            var history = await run.GetJsonAsync(run.Sandbox.Addresses.GitHub, $"api/v4/projects/{Uri.EscapeDataString(project)}/repository/commits?ref_name={merge ?? squash}&per_page=1", run.Sandbox.Secrets.GitLabToken);
            string[] parents = [.. history[0].GetProperty("parent_ids").EnumerateArray().Select(p => p.GetString()!)];
            Assert.Equal(merge is null ? 1 : 2, parents.Length);
            if (merge is null) squashed++;
            else if (squash is not null) twice++;
            if (merge is not null) Assert.Equal(squash ?? read.GetProperty("sha").GetString(), parents[1]);
        }
        Assert.True(squashed > 0 && twice > 0 && told.Count > squashed + twice, $"{told.Count} merges, {squashed} by fast-forward, {twice} squashed before");
    }

    [Fact]
    public async Task Gitea_signs_its_webhooks_and_sends_them_under_the_names_of_others_too()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { SourceHost = SandboxSourceHost.Gitea }, (_, _) => 202);
        var hooks = run.Hooks.Where(h => h.Source == "gitea").ToList();
        byte[] key = Encoding.UTF8.GetBytes(run.Sandbox.Secrets.GiteaWebhookSecret);

        Assert.Equal(["pull_request", "pull_request_approved", "pull_request_rejected", "push"], hooks.Select(h => h.Header("X-Gitea-Event")).Distinct().Order());
        Assert.All(hooks, h => Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(key, h.Body)), h.Header("X-Gitea-Signature")));
        Assert.All(hooks, h => Assert.Equal("sha256=" + h.Header("X-Gitea-Signature"), h.Header("X-Hub-Signature-256")));
        Assert.All(hooks, h => Assert.Equal((h.Header("X-Gitea-Event"), h.Header("X-Gitea-Delivery")), (h.Header("X-GitHub-Event"), h.Header("X-GitHub-Delivery"))));
        using var refused = await run.GetAsync(run.Sandbox.Addresses.GitHub, "api/v1/repos/acme/web", "guess");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData(SandboxSourceHost.GitLab, "api/v4/projects/acme%2Fweb/merge_requests?state=all&order_by=updated_at&sort=desc&per_page=4", "iid", "web_url")]
    [InlineData(SandboxSourceHost.Gitea, "api/v1/repos/acme/web/pulls?state=all&sort=recentupdate&limit=4", "number", "html_url")]
    public async Task Changes_are_listed_by_their_last_update_in_pages_and_a_person_can_follow_their_links(SandboxSourceHost host, string path, string number, string url)
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { SourceHost = host }, answer: null);
        string token = host == SandboxSourceHost.GitLab ? run.Sandbox.Secrets.GitLabToken : run.Sandbox.Secrets.GiteaToken;
        using var first = await run.GetAsync(run.Sandbox.Addresses.GitHub, path, token);
        var changes = JsonDocument.Parse(await first.Content.ReadAsByteArrayAsync()).RootElement.EnumerateArray().ToList();
        var second = await run.GetJsonAsync(run.Sandbox.Addresses.GitHub, path + "&page=2", token);

        Assert.Equal(4, changes.Count);
        string[] updates = [.. changes.Concat(second.EnumerateArray()).Select(c => c.GetProperty("updated_at").GetString()!)];
        Assert.Equal(updates.OrderDescending(), updates);
        Assert.Contains("rel=\"next\"", first.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Empty(changes.Select(Number).Intersect(second.EnumerateArray().Select(Number)));
        Assert.Contains(changes[0].GetProperty("title").GetString()!, await run.Http.GetStringAsync(changes[0].GetProperty(url).GetString()), StringComparison.Ordinal);

        int Number(JsonElement change) => change.GetProperty(number).GetInt32();
    }
}
