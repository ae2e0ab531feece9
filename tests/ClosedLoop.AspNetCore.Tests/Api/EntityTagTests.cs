using System.Net;
using System.Net.Http.Headers;
using ClosedLoop.AspNetCore.Problems;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class EntityTagTests
{
    [Theory]
    [InlineData("/api/items")]
    [InlineData("/api/items/BL-1")]
    [InlineData("/api/items/BL-1/diagram")]
    [InlineData("/api/items/BL-1/transitions")]
    [InlineData("/api/transitions")]
    [InlineData("/api/board")]
    [InlineData("/api/sources")]
    [InlineData("/api/quarantine")]
    public async Task What_is_still_the_same_is_304_without_a_body_and_what_changed_comes_again(string path)
    {
        await using var host = await LoopHost.StartAsync(kestrel: true);
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        using var first = await AskAsync(host, HttpMethod.Get, path, null);
        string tag = first.Headers.ETag!.ToString();
        using var same = await AskAsync(host, HttpMethod.Get, path, tag);
        using var head = await AskAsync(host, HttpMethod.Head, path, null);
        using var other = await AskAsync(host, HttpMethod.Get, path, "\"other\"");

        Assert.StartsWith("W/\"", tag, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(tag, same.Headers.ETag!.ToString());
        Assert.Equal("no-cache, private", same.Headers.CacheControl!.ToString());
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
        Assert.Null(same.Content.Headers.ContentType);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(tag, head.Headers.ETag!.ToString());
        Assert.Equal(first.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_change_of_the_record_changes_the_tag()
    {
        await using var host = await LoopHost.StartAsync();
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        using var before = await AskAsync(host, HttpMethod.Get, "/api/items/BL-1", null);
        await host.PostAsync("/api/items/BL-1/facts", """{"gate":"pr-opened","status":"passed","evidence":{"url":"https://git.example/1"}}""");

        using var after = await AskAsync(host, HttpMethod.Get, "/api/items/BL-1", before.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Problems_and_answers_to_writes_are_stored_nowhere_and_have_no_tag()
    {
        await using var host = await LoopHost.StartAsync();

        using var missing = await AskAsync(host, HttpMethod.Get, "/api/items/none", "*");
        using var written = await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        foreach (var response in (HttpResponseMessage[])[missing, written])
        {
            Assert.Null(response.Headers.ETag);
            Assert.True(response.Headers.CacheControl!.NoStore);
        }
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("W/\"abc\"", true)]
    [InlineData("\"abc\"", true)]
    [InlineData("\"x\", W/\"abc\"", true)]
    [InlineData("\"x,y\",\"abc\"", true)]
    [InlineData(" ,, \"abc\"", true)]
    [InlineData("\"ABC\"", false)]
    [InlineData("abc", false)]
    [InlineData("\"abc", false)]
    [InlineData("w/\"abc\"", false)]
    [InlineData("\"x\" garbage \"abc\"", false)]
    [InlineData("", false)]
    public void If_None_Match_compares_weakly_and_garbage_matches_nothing(string header, bool matches) => Assert.Equal(matches, EntityTag.Matches(header, "W/\"abc\""));

    private static Task<HttpResponseMessage> AskAsync(LoopHost host, HttpMethod method, string path, string? tag)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", LoopHost.Token("agent:builder-7"));
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return host.Client.SendAsync(request);
    }
}
