using System.Buffers;
using System.Text;
using ClosedLoop.Adapters.Kubernetes.Watching;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Watching;

public sealed class WatchLineTests
{
    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"resourceVersion":"7"}}}""", "Changed", "7")]
    [InlineData("""{"type":"MODIFIED","object":{"metadata":{"resourceVersion":"8"}}}""", "Changed", "8")]
    [InlineData("""{"type":"DELETED","object":{"metadata":{"resourceVersion":"9"}}}""", "Changed", "9")]
    [InlineData("""{"type":"BOOKMARK","object":{"kind":"Deployment","metadata":{"resourceVersion":"12746"}}}""", "Bookmark", "12746")]
    [InlineData("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""", "Expired", null)]
    [InlineData("""{"type":"ERROR","object":{"kind":"Status","code":500}}""", "Failed", null)]
    [InlineData("""{"type":"NEW","object":{}}""", "Unknown", null)]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"resourceVersion":7}}}""", "Changed", null)]
    [InlineData("""{"type":"ADDED"}""", "Changed", null)]
    [InlineData("""[]""", "Unknown", null)]
    [InlineData("""<html>""", "Failed", null)]
    [InlineData("", "Failed", null)]
    [InlineData("""{"\ud800":1}""", "Failed", null)]
    public void A_line_is_what_its_type_says(string line, string kind, string? version)
    {
        var read = WatchLine.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(line)));
        // Half a surrogate pair in a name may be passed over or refused; it is never a change.
        if (line.Contains("ud800", StringComparison.Ordinal)) Assert.NotEqual(WatchLineKind.Changed, read.Kind);
        else Assert.Equal((kind, version), (read.Kind.ToString(), read.ResourceVersion));
    }
}
