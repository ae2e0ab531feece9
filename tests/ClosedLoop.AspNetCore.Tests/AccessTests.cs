using System.Net;
using System.Net.Http.Headers;

namespace ClosedLoop.AspNetCore.Tests;

public sealed class AccessTests
{
    [Fact]
    public async Task Without_a_token_nothing_can_be_read_or_written_and_the_answer_says_how()
    {
        await using var host = await LoopHost.StartAsync();

        using var read = await host.SendAsync(HttpMethod.Get, "/api/items");
        using var write = await host.SendAsync(HttpMethod.Post, "/api/items", json: """{"id":"BL-1"}""");

        Assert.Contains("Authorization: Bearer", await LoopHost.ProblemOf(read, 401, "unauthorized"), StringComparison.Ordinal);
        await LoopHost.ProblemOf(write, 401, "unauthorized");
        Assert.Equal("Bearer", Assert.Single(read.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("Bearer wrong-token-0123456789-0123456789")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Basic YWdlbnQ6YnVpbGRlci03")]
    [InlineData("token-of-agent:builder-7-0123456789-0123456789")]
    public async Task A_wrong_token_or_scheme_is_401_and_never_repeated(string authorization)
    {
        await using var host = await LoopHost.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/items");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await host.Client.SendAsync(request);

        string detail = await LoopHost.ProblemOf(response, 401, "unauthorized");
        Assert.DoesNotContain("0123456789", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hash_of_a_token_is_no_token()
    {
        await using var host = await LoopHost.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/items");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClosedLoopToken.Hash(LoopHost.Token("agent:builder-7")));

        using var response = await host.Client.SendAsync(request);

        await LoopHost.ProblemOf(response, 401, "unauthorized");
    }

    [Fact]
    public async Task While_a_token_is_replaced_the_old_and_the_new_one_both_work()
    {
        string old = ClosedLoopToken.Create(), next = ClosedLoopToken.Create();
        Assert.NotEqual(old, next);
        await using var host = await LoopHost.StartAsync(api: o => o.AddWriter("agent:b", ClosedLoopToken.Hash(old)).AddWriter("agent:b", ClosedLoopToken.Hash(next)));

        foreach (string token in (string[])[old, next])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/items");
            request.Headers.Authorization = new AuthenticationHeaderValue("bearer", token);
            using var response = await host.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Open_reading_lets_anybody_read_but_not_write_nor_see_the_quarantine()
    {
        await using var host = await LoopHost.StartAsync(api: o => o.AllowAnonymousReads = true);
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        foreach (string path in (string[])["/api/items", "/api/items/BL-1", "/api/items/BL-1/transitions", "/api/items/BL-1/diagram", "/api/board"])
        {
            using var read = await host.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }
        using var quarantine = await host.SendAsync(HttpMethod.Get, "/api/quarantine");
        await LoopHost.ProblemOf(quarantine, 401, "unauthorized");
        foreach (string path in (string[])["/api/items", "/api/items/BL-1/facts", "/api/items/BL-1/links"])
        {
            using var write = await host.SendAsync(HttpMethod.Post, path, json: "{}");
            await LoopHost.ProblemOf(write, 401, "unauthorized");
        }
    }

    [Fact]
    public async Task A_user_of_the_host_may_read_and_without_a_writers_claim_not_write()
    {
        await using var host = await LoopHost.StartAsync();

        using var read = await AsUserAsync(host, HttpMethod.Get, "/api/items", "name=ann");
        using var write = await AsUserAsync(host, HttpMethod.Post, "/api/items", "name=ann");
        using var quarantine = await AsUserAsync(host, HttpMethod.Get, "/api/quarantine", "name=ann");

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Contains("WriterClaimType", await LoopHost.ProblemOf(write, 403, "refused"), StringComparison.Ordinal);
        await LoopHost.ProblemOf(quarantine, 403, "refused");
    }

    [Fact]
    public async Task A_user_whose_claim_names_a_writer_writes_as_that_writer()
    {
        await using var host = await LoopHost.StartAsync(api: o => o.WriterClaimType = LoopHost.ClaimType);
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var response = await AsUserAsync(host, HttpMethod.Post, "/api/items/BL-1/facts", $"{LoopHost.ClaimType}=person:eve", """{"gate":"reviewed","status":"waived","reason":"a typo"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var gate = (await LoopHost.JsonOf(response)).GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == "reviewed");
        Assert.Equal("person:eve", gate.GetProperty("writer").GetString());
    }

    [Theory]
    [InlineData("not-a-writer")]
    [InlineData("host:migration")]
    public async Task A_claim_that_names_no_usable_writer_is_403(string claim)
    {
        await using var host = await LoopHost.StartAsync(api: o => o.WriterClaimType = LoopHost.ClaimType);

        using var response = await AsUserAsync(host, HttpMethod.Post, "/api/items", $"{LoopHost.ClaimType}={claim}");

        Assert.DoesNotContain(claim, await LoopHost.ProblemOf(response, 403, "refused"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_claims_for_different_writers_are_403_rather_than_a_guess()
    {
        await using var host = await LoopHost.StartAsync(api: o => o.WriterClaimType = LoopHost.ClaimType);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/items") { Content = new StringContent("{}") };
        request.Headers.Add(LoopHost.UserHeader, [$"{LoopHost.ClaimType}=person:ann", $"{LoopHost.ClaimType}=person:eve"]);

        using var response = await host.Client.SendAsync(request);

        await LoopHost.ProblemOf(response, 403, "refused");
    }

    [Fact]
    public async Task A_token_of_ours_counts_before_the_hosts_user_and_a_token_of_the_hosts_does_not_hurt()
    {
        await using var host = await LoopHost.StartAsync(api: o => o.WriterClaimType = LoopHost.ClaimType);
        var ours = new HttpRequestMessage(HttpMethod.Get, "/api/quarantine");
        ours.Headers.Add(LoopHost.UserHeader, "name=ann");
        ours.Headers.Authorization = new AuthenticationHeaderValue("Bearer", LoopHost.Token("agent:builder-7"));
        var hosts = new HttpRequestMessage(HttpMethod.Get, "/api/quarantine");
        hosts.Headers.Add(LoopHost.UserHeader, $"{LoopHost.ClaimType}=person:ann");
        hosts.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a.token.of-the-hosts-own-authentication");

        Assert.Equal(HttpStatusCode.OK, (await host.Client.SendAsync(ours)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.SendAsync(hosts)).StatusCode);
    }

    private static Task<HttpResponseMessage> AsUserAsync(LoopHost host, HttpMethod method, string path, string claim, string json = """{"id":"BL-2"}""")
    {
        var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post) request.Content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
        request.Headers.Add(LoopHost.UserHeader, claim);
        return host.Client.SendAsync(request);
    }
}
