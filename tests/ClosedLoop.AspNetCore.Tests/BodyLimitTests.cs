using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClosedLoop.AspNetCore.Tests;

/// <summary>On a real server: lengths, chunks and broken bodies are its business as much as ours.</summary>
public sealed class BodyLimitTests
{
    private const string Source = "limited";

    [Fact]
    public async Task A_body_at_the_limit_is_taken_and_one_byte_more_is_413()
    {
        await using var host = await StartAsync(1_000);
        string body = TestAdapter.Body("BL-1");

        using var exact = await host.HookAsync(body.PadRight(1_000), path: "/hooks/" + Source);
        using var over = await host.HookAsync(body.PadRight(1_001), path: "/hooks/" + Source);

        Assert.Equal(HttpStatusCode.Accepted, exact.StatusCode);
        Assert.Contains("1000", await LoopHost.ProblemOf(over, 413, "too-large"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_without_a_length_has_the_same_limit()
    {
        await using var host = await StartAsync(1_000);

        using var exact = await SendChunkedAsync(host, TestAdapter.Body("BL-1").PadRight(1_000));
        using var over = await SendChunkedAsync(host, new string(' ', 1_001));
        using var far = await SendChunkedAsync(host, new string(' ', 400_000));

        Assert.Equal(HttpStatusCode.Accepted, exact.StatusCode);
        await LoopHost.ProblemOf(over, 413, "too-large");
        await LoopHost.ProblemOf(far, 413, "too-large");
    }

    [Fact]
    public async Task The_framing_of_many_small_chunks_does_not_count_against_the_limit()
    {
        await using var host = await StartAsync(1_000);
        string chunks = string.Concat(TestAdapter.Body("BL-1").PadRight(1_000).Select(static c => $"1\r\n{c}\r\n"));

        string answer = await RawAsync(host, $"POST /hooks/{Source} HTTP/1.1\r\nHost: x\r\n{TestAdapter.SecretHeader}: {TestAdapter.Secret}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
    }

    /// <summary>Most senders are like that: closed with bytes under way, a connection is reset and the answer lost.</summary>
    [Theory]
    [InlineData("/hooks/" + Source)]
    [InlineData("/api/items")]
    public async Task A_sender_that_looks_for_the_answer_only_when_it_has_sent_everything_gets_it(string path)
    {
        await using var host = await StartAsync(1_000);
        string chunks = string.Concat(Enumerable.Repeat($"10000\r\n{new string(' ', 0x10000)}\r\n", 150));

        string answer = await RawAsync(host, $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {LoopHost.Token("agent:builder-7")}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announced_length_over_the_limit_is_refused_before_a_byte_of_the_body_is_sent_and_counted()
    {
        await using var host = await StartAsync(1_000, name: "announced");
        using var counted = new CountedDeliveries("announced");

        string answer = await RawAsync(host, "POST /hooks/announced HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Equal(1, counted.Total);
    }

    [Fact]
    public async Task An_adapter_may_take_more_than_the_servers_own_limit()
    {
        // Kestrel's own limit is 30,000,000 bytes.
        const int Large = 31_000_000;
        await using var host = await StartAsync(Large);

        using var response = await host.HookAsync(TestAdapter.Body("BL-1").PadRight(Large), path: "/hooks/" + Source);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task A_body_with_broken_chunks_is_400()
    {
        await using var host = await StartAsync(1_000);

        string answer = await RawAsync(host, $"POST /hooks/{Source} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nnot-a-size\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("urn:closedloop:problem:broken", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_request_to_the_api_is_413_with_or_without_a_length()
    {
        await using var host = await StartAsync(1_000);
        string json = $$"""{"id":"BL-1","title":"{{new string('x', ClosedLoopApiOptions.DefaultMaxBodyBytes)}}"}""";

        using var announced = await host.PostAsync("/api/items", json);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/items") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", LoopHost.Token("agent:builder-7"));
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await host.Client.SendAsync(request);

        await LoopHost.ProblemOf(announced, 413, "too-large");
        await LoopHost.ProblemOf(chunked, 413, "too-large");
    }

    [Fact]
    public async Task An_id_with_a_slash_is_addressed_with_the_slash_escaped()
    {
        await using var host = await StartAsync(1_000);
        using var made = await host.PostAsync("/api/items", """{"id":"pr:acme/web#12 ü"}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("/api/items/pr%3Aacme%2Fweb%2312%20%C3%BC", made.Headers.Location?.OriginalString);

        var item = await host.ReadAsync(made.Headers.Location!.OriginalString);

        Assert.Equal("pr:acme/web#12 ü", item.GetProperty("id").GetString());
    }

    private static Task<LoopHost> StartAsync(int maxBodyBytes, string name = Source) =>
        LoopHost.StartAsync(l => l.AddAdapter(_ => new TestAdapter().Register(name, maxBodyBytes)), kestrel: true);

    private static Task<HttpResponseMessage> SendChunkedAsync(LoopHost host, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/" + Source) { Content = new StringContent(body) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add(TestAdapter.SecretHeader, TestAdapter.Secret);
        return host.Client.SendAsync(request);
    }

    private static async Task<string> RawAsync(LoopHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
