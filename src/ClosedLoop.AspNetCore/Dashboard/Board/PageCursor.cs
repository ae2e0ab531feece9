using System.Buffers.Text;
using System.Text;

namespace ClosedLoop.AspNetCore.Dashboard.Board;

/// <summary>A store's cursor as part of an address: it may hold an item's id.</summary>
internal static class PageCursor
{
    public static string? Encode(string? cursor) => cursor is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(cursor));

    public static bool TryDecode(string? text, out string? cursor)
    {
        cursor = null;
        if (text is null) return true;
        if (text.Length > 4_000 || !Base64Url.IsValid(text)) return false;
        cursor = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return true;
    }
}
