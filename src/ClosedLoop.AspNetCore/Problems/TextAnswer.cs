using System.Text;

namespace ClosedLoop.AspNetCore.Problems;

internal sealed class TextAnswer(string text) : Answer(200)
{
    protected override byte[] Body(out string contentType)
    {
        contentType = "text/plain; charset=utf-8";
        return Encoding.UTF8.GetBytes(text);
    }
}
