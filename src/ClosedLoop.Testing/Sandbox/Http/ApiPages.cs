using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Http;

/// <summary>Cuts lists into the pages that callers ask for by <c>page</c>, and links to the next one.</summary>
internal static class ApiPages
{
    /// <param name="context">The request.</param>
    /// <param name="address">The system's own address.</param>
    /// <param name="all">The whole list.</param>
    /// <param name="sizeName">What the size of a page is called in a query.</param>
    /// <param name="size">The size of a page when nothing is asked.</param>
    /// <param name="most">The largest page.</param>
    /// <returns>The page's elements, and the number of the next page when there is one.</returns>
    public static (IEnumerable<T> Page, int? Next) Cut<T>(HttpContext context, Uri address, IEnumerable<T> all, string sizeName, int size, int most)
    {
        size = ApiReply.Number(context, sizeName, size, most);
        int page = ApiReply.Number(context, "page", 1, int.MaxValue);
        // One more than is shown: a history is long, and whether it goes on is all that must be known of the rest.
        var found = all.Skip((int)Math.Min(int.MaxValue, (page - 1) * (long)size)).Take(size + 1).ToList();
        if (found.Count <= size) return (found, null);
        string query = string.Join('&', context.Request.Query.Where(static q => q.Key != "page").Select(static q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}"));
        context.Response.Headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{address}{context.Request.Path.Value![1..]}?{query}&page={page + 1}>; rel=\"next\"");
        return (found.Take(size), page + 1);
    }
}
