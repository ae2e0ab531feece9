using ClosedLoop.AspNetCore.Dashboard.Text;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Components;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>The small parts that pages share. Everything that came from outside goes through <see cref="DisplayText"/> and the renderer's encoding.</summary>
internal static class Fragments
{
    /// <summary>A mark of the sprite; says nothing to those who cannot see it.</summary>
    public static RenderFragment Icon(string name) => builder => builder.AddMarkupContent(0, $"<svg class=\"icon\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\"><use href=\"#{name}\"></use></svg>");

    /// <summary>A state: its mark and its word.</summary>
    public static RenderFragment Mark(StatusMark mark) => builder =>
    {
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", "mark " + mark.Class);
        builder.AddContent(2, Icon(mark.Icon));
        builder.AddContent(3, mark.Word);
        builder.CloseElement();
    };

    /// <summary>How long ago something was, with the instant itself for those who ask.</summary>
    public static RenderFragment Age(DateTimeOffset? at, DateTimeOffset now) => builder =>
    {
        if (at is not { } instant)
        {
            builder.AddMarkupContent(0, "<span class=\"unknown\">unknown</span>");
            return;
        }
        Time(builder, instant, Ages.Since(instant, now));
    };

    /// <summary>An instant that may be still to come.</summary>
    public static RenderFragment Until(DateTimeOffset at, DateTimeOffset now) => builder => Time(builder, at, at > now ? $"in {Ages.Span(at - now)}" : "now");

    /// <summary>An instant in full.</summary>
    public static RenderFragment Instant(DateTimeOffset at) => builder => Time(builder, at, Ages.Instant(at));

    /// <summary>Where to look: a link for http and https, else only what it is called.</summary>
    public static RenderFragment Evidence(Evidence? evidence) => builder =>
    {
        if (evidence is null) return;
        string label = DisplayText.Of(evidence.Label, 80);
        if (evidence.Url is { IsAbsoluteUri: true } url && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)) Link(builder, url, label.Length > 0 ? label : Place(url));
        else if (label.Length > 0) Isolated(builder, label);
    };

    /// <summary>A link to the evidence of an incident.</summary>
    public static RenderFragment Outside(Uri? url, string label) => Evidence(url is null ? null : new Evidence(url, label));

    /// <summary>Text of strangers: shortened, made harmless, and kept from turning the text around it.</summary>
    public static RenderFragment Foreign(string? text, int longest = DisplayText.MaxTitle) => builder => Isolated(builder, DisplayText.Of(text, longest));

    private static void Isolated(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, string text)
    {
        builder.OpenElement(0, "bdi");
        builder.AddContent(1, text);
        builder.CloseElement();
    }

    private static void Link(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, Uri url, string label)
    {
        builder.OpenElement(0, "a");
        builder.AddAttribute(1, "href", url.AbsoluteUri);
        builder.AddAttribute(2, "class", "outside");
        builder.AddAttribute(3, "rel", "noopener noreferrer nofollow");
        Isolated(builder, label);
        builder.AddContent(4, Icon(Icons.Link));
        builder.CloseElement();
    }

    private static void Time(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, DateTimeOffset at, string text)
    {
        builder.OpenElement(0, "time");
        builder.AddAttribute(1, "datetime", Ages.Machine(at));
        builder.AddAttribute(2, "title", Ages.Instant(at));
        builder.AddContent(3, text);
        builder.CloseElement();
    }

    private static string Place(Uri url) => DisplayText.Of(url.Host, 60);
}
