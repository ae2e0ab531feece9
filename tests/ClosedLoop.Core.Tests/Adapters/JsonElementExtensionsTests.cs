using System.Text.Json;
using ClosedLoop.Adapters;

namespace ClosedLoop.Core.Tests.Adapters;

public sealed class JsonElementExtensionsTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"v":null}""")]
    [InlineData("""{"v":{}}""")]
    [InlineData("""{"v":[1]}""")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_not_there_or_of_another_type_reads_as_nothing(string json)
    {
        using var document = JsonDocument.Parse(json);
        var element = document.RootElement;
        Assert.Null(element.Text("v"));
        Assert.Null(element.Number("v"));
        Assert.Null(element.Flag("v"));
        Assert.Null(element.Time("v"));
        Assert.Null(element.Text("v", "w", "x"));
        Assert.Null(element.Member("w", "v"));
    }

    [Theory]
    [InlineData("2026-11-21T01:33:44.297010138Z", "2026-11-21T01:33:44.2970101+00:00")]
    [InlineData("2026-11-21T03:33:44+02:00", "2026-11-21T01:33:44.0000000+00:00")]
    [InlineData("2026-11-21T01:33:44.5Z", "2026-11-21T01:33:44.5000000+00:00")]
    [InlineData("2026-11-21", null)]
    [InlineData("yesterday", null)]
    [InlineData("2026-13-41T00:00:00Z", null)]
    [InlineData("999999-01-01T00:00:00Z", null)]
    public void A_time_is_read_to_100_nanoseconds(string text, string? expected)
    {
        using var document = JsonDocument.Parse($$"""{"v":"{{text}}"}""");
        Assert.Equal(expected, document.RootElement.Time("v")?.ToString("O"));
    }

    [Fact]
    public void Numbers_that_do_not_fit_and_texts_with_half_a_character_are_nothing()
    {
        using var document = JsonDocument.Parse("""{"big":9223372036854775808,"part":1.5,"id":9007199254740993,"half":"\ud800","list":[1,2],"none":"x"}""");
        var element = document.RootElement;
        Assert.Null(element.Number("big"));
        Assert.Null(element.Number("part"));
        Assert.Equal(9007199254740993, element.Number("id"));
        Assert.Null(element.Text("half"));
        Assert.Equal(2, element.Elements("list").Count());
        Assert.Empty(element.Elements("none"));
    }
}
