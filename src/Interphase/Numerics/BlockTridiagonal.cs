using System.Numerics;

namespace Interphase.Numerics;

/// <summary>
/// A block-tridiagonal system of 2 × 2 blocks, solved by block elimination without pivoting between blocks, for one or two right sides.
/// The caller fills <see cref="Lower"/>, <see cref="Diagonal"/>, <see cref="Upper"/> (row-major, four numbers a block) and the right
/// sides, which hold the solution afterwards. Nothing is allocated by solving.
/// </summary>
internal sealed class BlockTridiagonal<T>(int blocks)
    where T : struct, INumberBase<T>
{
    public T[] Lower { get; } = new T[4 * blocks];

    public T[] Diagonal { get; } = new T[4 * blocks];

    public T[] Upper { get; } = new T[4 * blocks];

    public T[] Right { get; } = new T[2 * blocks];

    public T[] Border { get; } = new T[2 * blocks];

    public void Clear()
    {
        Array.Clear(Lower);
        Array.Clear(Diagonal);
        Array.Clear(Upper);
        Array.Clear(Right);
        Array.Clear(Border);
    }

    /// <summary>Solves for <see cref="Right"/>, and for <see cref="Border"/> where asked. False where a block is singular.</summary>
    public bool Solve(bool border)
    {
        T[] a = Lower, d = Diagonal, u = Upper, r = Right, w = Border;
        for (var i = 0; i < blocks; i++)
        {
            var k = 4 * i;
            T d0 = d[k], d1 = d[k + 1], d2 = d[k + 2], d3 = d[k + 3];
            T r0 = r[2 * i], r1 = r[(2 * i) + 1], w0 = w[2 * i], w1 = w[(2 * i) + 1];
            if (i > 0)
            {
                T a0 = a[k], a1 = a[k + 1], a2 = a[k + 2], a3 = a[k + 3];
                T u0 = u[k - 4], u1 = u[k - 3], u2 = u[k - 2], u3 = u[k - 1];
                d0 -= (a0 * u0) + (a1 * u2);
                d1 -= (a0 * u1) + (a1 * u3);
                d2 -= (a2 * u0) + (a3 * u2);
                d3 -= (a2 * u1) + (a3 * u3);
                T p0 = r[(2 * i) - 2], p1 = r[(2 * i) - 1];
                r0 -= (a0 * p0) + (a1 * p1);
                r1 -= (a2 * p0) + (a3 * p1);
                if (border)
                {
                    p0 = w[(2 * i) - 2];
                    p1 = w[(2 * i) - 1];
                    w0 -= (a0 * p0) + (a1 * p1);
                    w1 -= (a2 * p0) + (a3 * p1);
                }
            }
            var determinant = (d0 * d3) - (d1 * d2);
            if (T.IsZero(determinant) || !T.IsFinite(determinant)) { return false; }
            var f = T.One / determinant;
            T i0 = d3 * f, i1 = -d1 * f, i2 = -d2 * f, i3 = d0 * f;
            T v0 = u[k], v1 = u[k + 1], v2 = u[k + 2], v3 = u[k + 3];
            u[k] = (i0 * v0) + (i1 * v2);
            u[k + 1] = (i0 * v1) + (i1 * v3);
            u[k + 2] = (i2 * v0) + (i3 * v2);
            u[k + 3] = (i2 * v1) + (i3 * v3);
            r[2 * i] = (i0 * r0) + (i1 * r1);
            r[(2 * i) + 1] = (i2 * r0) + (i3 * r1);
            if (border)
            {
                w[2 * i] = (i0 * w0) + (i1 * w1);
                w[(2 * i) + 1] = (i2 * w0) + (i3 * w1);
            }
        }
        for (var i = blocks - 2; i >= 0; i--)
        {
            var k = 4 * i;
            T u0 = u[k], u1 = u[k + 1], u2 = u[k + 2], u3 = u[k + 3];
            r[2 * i] -= (u0 * r[(2 * i) + 2]) + (u1 * r[(2 * i) + 3]);
            r[(2 * i) + 1] -= (u2 * r[(2 * i) + 2]) + (u3 * r[(2 * i) + 3]);
            if (border)
            {
                w[2 * i] -= (u0 * w[(2 * i) + 2]) + (u1 * w[(2 * i) + 3]);
                w[(2 * i) + 1] -= (u2 * w[(2 * i) + 2]) + (u3 * w[(2 * i) + 3]);
            }
        }
        return true;
    }
}
