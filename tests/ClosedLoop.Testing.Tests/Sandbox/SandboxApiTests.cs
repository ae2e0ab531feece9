using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

public sealed class SandboxApiTests : IAsyncLifetime
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private SandboxRun _run = null!;

    private SandboxAddresses At => _run.Sandbox.Addresses;

    private SandboxSecrets Secrets => _run.Sandbox.Secrets;

    public async Task InitializeAsync() => _run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);

    public async Task DisposeAsync() => await _run.DisposeAsync();

    [Fact]
    public async Task Every_system_refuses_a_wrong_token()
    {
        Uri[] systems = [new(At.GitHub, "repos/acme/web/pulls"), new(At.Jenkins, "job/web/api/json"), new(At.Registry, "v2/"), new(At.Cluster, "apis/apps/v1/namespaces/production/deployments")];
        foreach (var system in systems)
        {
            using var refused = await _run.GetAsync(system, "", "guess");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Pull_requests_are_listed_by_their_last_change_in_pages_that_link_on()
    {
        using var first = await _run.GetAsync(At.GitHub, "repos/acme/web/pulls?state=all&sort=updated&direction=desc&per_page=4", Secrets.GitHubToken);
        var pulls = JsonDocument.Parse(await first.Content.ReadAsByteArrayAsync()).RootElement.EnumerateArray().ToList();

        Assert.Equal(4, pulls.Count);
        string[] updates = [.. pulls.Select(p => p.GetProperty("updated_at").GetString()!)];
        Assert.Equal(updates.OrderDescending(), updates);
        string link = first.Headers.GetValues("Link").Single();
        Assert.EndsWith("rel=\"next\"", link, StringComparison.Ordinal);
        var second = await _run.GetJsonAsync(new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)]), "", Secrets.GitHubToken);
        Assert.Empty(pulls.Select(Number).Intersect(second.EnumerateArray().Select(Number)));

        static int Number(JsonElement pull) => pull.GetProperty("number").GetInt32();
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_costs_nothing()
    {
        const string Path = "repos/acme/web/pulls?state=all&sort=updated&direction=desc&per_page=100";
        using var first = await _run.GetAsync(At.GitHub, Path, Secrets.GitHubToken);
        using var again = await _run.GetAsync(At.GitHub, Path, Secrets.GitHubToken, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(first.Headers.GetValues("x-ratelimit-remaining"), again.Headers.GetValues("x-ratelimit-remaining"));
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_batch_query_answers_each_alias_as_the_rest_api_does()
    {
        var pulls = await _run.GetJsonAsync(At.GitHub, "repos/acme/web/pulls?state=all&per_page=100", Secrets.GitHubToken);
        var merged = pulls.EnumerateArray().First(p => p.GetProperty("merged_at").ValueKind == JsonValueKind.String);
        int number = merged.GetProperty("number").GetInt32();
        string landing = merged.GetProperty("merge_commit_sha").GetString()!;

        var answer = await _run.GraphQlAsync($$"""
            query ClosedLoop {
              rateLimit { cost remaining resetAt }
              r0: repository(owner: "acme", name: "web") {
                p{{number}}: pullRequest(number: {{number}}) { ...pr }
                p99999: pullRequest(number: 99999) { ...pr }
                c0: object(oid: "{{landing}}") { ...commit }
                c1: object(oid: "0123456789abcdef0123456789abcdef01234567") { ...commit }
              }
              r1: repository(owner: "acme", name: "none") { p1: pullRequest(number: 1) { ...pr } }
            }
            fragment pr on PullRequest { number latestOpinionatedReviews(first: 100) { nodes { state } } }
            """);

        var repository = answer.GetProperty("data").GetProperty("r0");
        var pull = repository.GetProperty($"p{number}");
        Assert.Equal("MERGED", pull.GetProperty("state").GetString());
        Assert.Equal(landing, pull.GetProperty("mergeCommit").GetProperty("oid").GetString());
        Assert.Equal(merged.GetProperty("updated_at").GetString(), pull.GetProperty("updatedAt").GetString());
        Assert.Equal(merged.GetProperty("body").GetString(), pull.GetProperty("body").GetString());
        Assert.Equal(JsonValueKind.Null, repository.GetProperty("p99999").ValueKind);
        Assert.Equal(landing, repository.GetProperty("c0").GetProperty("oid").GetString());
        Assert.Equal(JsonValueKind.Null, repository.GetProperty("c1").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("r1").ValueKind);
        Assert.Equal(["NOT_FOUND", "NOT_FOUND"], answer.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_build_lists_what_is_new_in_it_and_no_commit_is_new_twice()
    {
        var seen = new List<string>();
        int largest = 0;
        foreach (string job in _run.Sandbox.JenkinsJobs.Values)
        {
            var builds = await _run.GetJsonAsync(At.Jenkins, $"job/{job}/api/json?tree=builds%5Bnumber,result%5D%7B0,100%7D", Secrets.JenkinsToken);
            foreach (var build in builds.GetProperty("builds").EnumerateArray())
            {
                string[] commits = [.. build.GetProperty("changeSets").EnumerateArray().SelectMany(s => s.GetProperty("items").EnumerateArray()).Select(i => i.GetProperty("commitId").GetString()!)];
                largest = Math.Max(largest, commits.Length);
                if (commits.Length > 0) Assert.Equal(commits[^1], build.GetProperty("actions").EnumerateArray().Last().GetProperty("lastBuiltRevision").GetProperty("SHA1").GetString()!);
                seen.AddRange(commits);
            }
        }
        var landings = await LandingsAsync();

        Assert.NotEmpty(landings);
        Assert.Equal(landings.Order(), seen.Order());
        Assert.True(largest > 1, "no build was coalesced");
    }

    [Fact]
    public async Task Jenkins_slices_its_builds_newest_first_and_finds_one_by_number()
    {
        var slice = await _run.GetJsonAsync(At.Jenkins, "job/web/api/json?tree=allBuilds[number]{1,3}", Secrets.JenkinsToken);
        var all = await _run.GetJsonAsync(At.Jenkins, "job/web/api/json?tree=builds[number]{0,100}", Secrets.JenkinsToken);
        int last = all.GetProperty("nextBuildNumber").GetInt32() - 1;

        Assert.Equal([last - 1, last - 2], slice.GetProperty("allBuilds").EnumerateArray().Select(b => b.GetProperty("number").GetInt32()));
        Assert.Equal(1, (await _run.GetJsonAsync(At.Jenkins, "job/web/1/api/json", Secrets.JenkinsToken)).GetProperty("number").GetInt32());
        using var missing = await _run.GetAsync(At.Jenkins, $"job/web/{last + 1}/api/json", Secrets.JenkinsToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task An_image_is_what_its_digest_says_and_names_the_landing_that_it_was_built_from()
    {
        var landings = await LandingsAsync();
        var labelled = new HashSet<string>();
        foreach (string repository in _run.Sandbox.Repositories)
        {
            var tags = await _run.GetJsonAsync(At.Registry, $"v2/{repository}/tags/list", await _run.RegistryTokenAsync(repository));
            foreach (string tag in tags.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!))
            {
                using var manifest = await _run.GetAsync(At.Registry, $"v2/{repository}/manifests/{tag}", await _run.RegistryTokenAsync(repository), ("Accept", Manifest));
                byte[] bytes = await manifest.Content.ReadAsByteArrayAsync();
                Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)), manifest.Headers.GetValues("Docker-Content-Digest").Single());
                string digest = JsonDocument.Parse(bytes).RootElement.GetProperty("config").GetProperty("digest").GetString()!;
                using var config = await _run.GetAsync(At.Registry, $"v2/{repository}/blobs/{digest}", await _run.RegistryTokenAsync(repository));
                byte[] blob = await config.Content.ReadAsByteArrayAsync();
                Assert.Equal(digest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob)));
                labelled.Add(JsonDocument.Parse(blob).RootElement.GetProperty("config").GetProperty("Labels").GetProperty("org.opencontainers.image.revision").GetString()!);
            }
        }
        Assert.True(labelled.Count < landings.Count, "every landing has an image of its own");
        // The first image of each repository is of its first commit, which is no pull request's.
        Assert.Equal(_run.Sandbox.Repositories.Count, labelled.Count(l => !landings.Contains(l)));
    }

    [Fact]
    public async Task The_registry_hides_an_image_from_a_reader_that_does_not_accept_its_type()
    {
        string token = await _run.RegistryTokenAsync("acme/web");
        var tags = await _run.GetJsonAsync(At.Registry, "v2/acme/web/tags/list?n=1", token);
        string tag = tags.GetProperty("tags").EnumerateArray().Single().GetString()!;

        using var hidden = await _run.GetAsync(At.Registry, $"v2/acme/web/manifests/{tag}", token, ("Accept", "application/vnd.docker.distribution.manifest.v2+json"));
        using var shown = await _run.GetAsync(At.Registry, $"v2/acme/web/manifests/{tag}", token, ("Accept", Manifest));
        using var known = await _run.GetAsync(At.Registry, $"v2/acme/web/manifests/{tag}", token, ("Accept", Manifest), ("If-None-Match", shown.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task A_deployment_that_is_through_shows_all_replicas_of_a_pinned_image()
    {
        var list = await _run.GetJsonAsync(At.Cluster, "apis/apps/v1/namespaces/production/deployments", Secrets.ClusterToken);
        var deployment = list.GetProperty("items").EnumerateArray().First();
        var status = deployment.GetProperty("status");

        Assert.Equal(deployment.GetProperty("metadata").GetProperty("generation").GetInt64(), status.GetProperty("observedGeneration").GetInt64());
        foreach (string count in (string[])["replicas", "updatedReplicas", "availableReplicas"]) Assert.Equal(deployment.GetProperty("spec").GetProperty("replicas").GetInt32(), status.GetProperty(count).GetInt32());
        Assert.False(status.TryGetProperty("unavailableReplicas", out _), "the API leaves out counts that are zero");
        Assert.Contains("@sha256:", deployment.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString(), StringComparison.Ordinal);
        string name = deployment.GetProperty("metadata").GetProperty("name").GetString()!;
        var alone = await _run.GetJsonAsync(At.Cluster, $"apis/apps/v1/namespaces/production/deployments/{name}", Secrets.ClusterToken);
        Assert.Equal(("Deployment", "apps/v1"), (alone.GetProperty("kind").GetString(), alone.GetProperty("apiVersion").GetString()));
        foreach (string part in (string[])["metadata", "spec", "status"]) Assert.Equal(JsonSerializer.Serialize(deployment.GetProperty(part)), JsonSerializer.Serialize(alone.GetProperty(part)));
    }

    [Fact]
    public async Task A_person_can_follow_the_links_of_pull_requests_and_builds()
    {
        var pulls = await _run.GetJsonAsync(At.GitHub, "repos/acme/web/pulls?state=all", Secrets.GitHubToken);
        var build = await _run.GetJsonAsync(At.Jenkins, "job/web/1/api/json", Secrets.JenkinsToken);

        Assert.Contains("Work-Item", await _run.Http.GetStringAsync(pulls.EnumerateArray().First(p => p.GetProperty("body").GetString()!.Contains("Work-Item", StringComparison.Ordinal)).GetProperty("html_url").GetString()), StringComparison.Ordinal);
        Assert.Contains("WorkflowRun", await _run.Http.GetStringAsync(build.GetProperty("url").GetString()), StringComparison.Ordinal);
    }

    private async Task<HashSet<string>> LandingsAsync()
    {
        var landings = new HashSet<string>();
        foreach (string repository in _run.Sandbox.Repositories)
            foreach (var pull in (await _run.GetJsonAsync(At.GitHub, $"repos/{repository}/pulls?state=all&per_page=100", Secrets.GitHubToken)).EnumerateArray())
                if (pull.GetProperty("merged_at").ValueKind == JsonValueKind.String)
                    landings.Add(pull.GetProperty("merge_commit_sha").GetString()!);
        Assert.Equal(_run.Sandbox.Truth.Changes.Where(c => c is { Gate: Gates.Merged, Status: GateStatus.Passed }).DistinctBy(c => c.ItemId).Count(), landings.Count);
        return landings;
    }
}
