using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Facts;

public sealed class KeyTests
{
    [Fact]
    public void Factories_write_one_text_for_what_a_source_treats_as_one()
    {
        Assert.Equal("pr:acme/web#12", Key.PullRequest("/Acme/Web/", 12).ToString());
        Assert.Equal("commit:acme/web@abc", Key.Commit("Acme/Web", " ABC ").ToString());
        Assert.Equal("branch:acme/web@Fix/A", Key.Branch("Acme/web", "Fix/A").ToString());
        Assert.Equal("review:acme/web#1/ann", Key.Review("acme/web", 1, "Ann").ToString());
        Assert.Equal("check:acme/web@abc/Unit", Key.Check("acme/web", "ABC", "Unit").ToString());
        Assert.Equal(Key.Build("https://ci.example/1/"), Key.Build("https://ci.example/1"));
        Assert.Equal("image:sha256:ab", Key.Image("sha256:AB").ToString());
    }

    [Theory]
    [InlineData("pr:acme/web#12", "pr", "acme/web#12")]
    [InlineData("build:https://ci.example/1", "build", "https://ci.example/1")]
    [InlineData("my-2:x", "my-2", "x")]
    public void A_key_comes_back_from_its_text(string text, string scheme, string value)
    {
        var key = Key.Parse(text);
        Assert.Equal((scheme, value, text, true), (key.Scheme, key.Value, key.ToString(), key.Is(scheme)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("noscheme")]
    [InlineData(":value")]
    [InlineData("item:")]
    [InlineData("item: ")]
    [InlineData("Item:x")]
    [InlineData("it em:x")]
    [InlineData("item:a\nb")]
    [InlineData("item:a\u0000")]
    public void What_is_no_key_is_refused(string? text)
    {
        Assert.False(Key.TryParse(text, out var key));
        Assert.True(key.IsEmpty);
        Assert.Throws<FormatException>(() => Key.Parse(text!));
    }

    [Fact]
    public void A_key_has_an_end_and_the_empty_one_names_nothing()
    {
        Assert.True(Key.TryParse("item:" + new string('x', Key.MaxLength - 5), out _));
        Assert.False(Key.TryParse("item:" + new string('x', Key.MaxLength - 4), out _));
        Assert.Equal(("", "", "", false), (default(Key).Scheme, default(Key).Value, default(Key).ToString(), default(Key).Is("item")));
    }

    [Theory]
    [InlineData("ci:jenkins", "ci", "jenkins")]
    [InlineData("person:ann:b", "person", "ann:b")]
    public void A_writer_comes_back_from_its_text_and_matches_by_role_or_name(string text, string role, string name)
    {
        var writer = Writer.Parse(text);
        Assert.Equal((role, name, text), (writer.Role, writer.Name, writer.ToString()));
        Assert.True(writer.Matches(role) && writer.Matches(text) && !writer.Matches(name));
    }

    [Theory]
    [InlineData("ci")]
    [InlineData(":x")]
    [InlineData("ci:")]
    [InlineData("ci:a\tb")]
    [InlineData(null)]
    public void What_is_no_writer_is_refused(string? text)
    {
        Assert.False(Writer.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Writer.Parse(text!));
    }

    [Fact]
    public void Ordinals_order_by_time_then_attempt_then_how_final_it_is()
    {
        Ordinal[] ordered = [new(1, 9, 9), new(2), new(2, 0, 1), new(2, 1), new(3)];
        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.True(ordered[0] < ordered[1] && ordered[1] <= ordered[1] && ordered[2] > ordered[1] && ordered[4] >= ordered[3]);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not an address")]
    public void Evidence_is_a_web_address_or_none(string url)
    {
        Assert.Throws<ArgumentException>(() => Evidence.At(url));
        Assert.Null(Evidence.From(url, "label").Url);
    }
}
