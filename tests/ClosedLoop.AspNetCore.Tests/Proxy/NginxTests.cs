using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClosedLoop.AspNetCore.Tests.Proxy;

/// <summary>Behind a real proxy, which reads bodies first or passes them on as they come: slow, cut and oversized ones.</summary>
public sealed class NginxTests
{
    private const string Source = "limited";
    private const int Limit = 100_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_comes_in_pieces_is_taken_and_others_are_served_meanwhile(bool buffers)
    {
        await using var host = await StartAsync();
        await using var proxy = await Nginx.StartAsync(host.Client.BaseAddress!, buffers);
        string body = TestAdapter.Body("BL-1").PadRight(50_000);
        using var slow = await SendAsync(proxy, Headers($"Content-Length: {body.Length}") + body[..20_000]);

        Assert.StartsWith("HTTP/1.1 202 ", await AskAsync(proxy, Headers($"Content-Length: {TestAdapter.Body("BL-2").Length}") + TestAdapter.Body("BL-2")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, "/api/items/BL-1", "agent:builder-7")).StatusCode);

        await WriteAsync(slow, body[20_000..]);
        Assert.StartsWith("HTTP/1.1 202 ", await ReadAsync(slow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_cut_off_leaves_no_trace_and_counts_when_it_comes_again(bool buffers)
    {
        await using var host = await StartAsync();
        await using var proxy = await Nginx.StartAsync(host.Client.BaseAddress!, buffers);
        string whole = TestAdapter.Body("BL-1");
        // What came would be a whole delivery by itself.
        using (var cut = await SendAsync(proxy, Headers($"Content-Length: {whole.Length + 1_000}") + whole)) cut.Client.Shutdown(SocketShutdown.Both);

        Assert.StartsWith("HTTP/1.1 202 ", await AskAsync(proxy, Headers($"Content-Length: {TestAdapter.Body("BL-2").Length}") + TestAdapter.Body("BL-2")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, "/api/items/BL-1", "agent:builder-7")).StatusCode);
        Assert.StartsWith("HTTP/1.1 202 ", await AskAsync(proxy, Headers($"Content-Length: {whole.Length}") + whole), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_413_with_or_without_a_length(bool buffers)
    {
        await using var host = await StartAsync();
        await using var proxy = await Nginx.StartAsync(host.Client.BaseAddress!, buffers);
        string chunk = new(' ', Limit / 2), size = chunk.Length.ToString("x", CultureInfo.InvariantCulture);

        string announced = await AskAsync(proxy, Headers($"Content-Length: {Limit + 1}") + new string(' ', Limit + 1));
        string chunked = await AskAsync(proxy, Headers("Transfer-Encoding: chunked") + string.Concat(Enumerable.Repeat($"{size}\r\n{chunk}\r\n", 3)) + "0\r\n\r\n");

        foreach (string answer in (string[])[announced, chunked])
        {
            Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        }
    }

    private static Task<LoopHost> StartAsync() => LoopHost.StartAsync(l => l.AddAdapter(_ => new TestAdapter().Register(Source, Limit)), kestrel: true);

    private static string Headers(string more) => $"POST /hooks/{Source} HTTP/1.1\r\nHost: x\r\n{TestAdapter.SecretHeader}: {TestAdapter.Secret}\r\nConnection: close\r\n{more}\r\n\r\n";

    private static async Task<TcpClient> SendAsync(Nginx proxy, string bytes)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        await WriteAsync(client, bytes);
        return client;
    }

    private static ValueTask WriteAsync(TcpClient client, string bytes) => client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes));

    private static async Task<string> AskAsync(Nginx proxy, string bytes)
    {
        using var client = await SendAsync(proxy, bytes);
        return await ReadAsync(client);
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
